#include "auth/key_strength.h"

#include <gtest/gtest.h>
#include <openssl/bn.h>

#include <string>

#include "auth/test_keys.h"

namespace ringbook {
namespace {

using Number = Handle<BIGNUM, BN_free>;

const std::string usual_exponent{"\x01\x00\x01", 3};

// An odd number of that many bits which no one made: 1…01…1 with a pattern in between.
std::string modulus_of(int bits) {
  const Number number(BN_new());
  BN_set_word(number.get(), 0x5DEECE66D1234567);
  for (int doubling = 0; doubling < 8; ++doubling) {
    const Number shifted(BN_dup(number.get()));
    BN_lshift(shifted.get(), shifted.get(), 61 << doubling);
    BN_add(number.get(), number.get(), shifted.get());
  }
  BN_mask_bits(number.get(), bits - 1);
  BN_set_bit(number.get(), bits - 1);
  BN_set_bit(number.get(), 0);
  return test::big_endian(number.get(), (bits + 7) / 8);
}

std::string fault_of(std::string_view modulus, std::string_view exponent = usual_exponent) {
  return fault_of_rsa(modulus, exponent).value_or("");
}

// [JWS-4]
TEST(RsaKey, HasFrom2048To8192Bits) {
  for (const int bits : {2048, 2049, 3072, 4096, 8191, 8192}) {
    EXPECT_EQ(fault_of(modulus_of(bits)), "") << bits;
  }
  for (const int bits : {8, 512, 1024, 2047}) {
    EXPECT_NE(fault_of(modulus_of(bits)).find("at least 2048"), std::string::npos) << bits;
  }
  for (const int bits : {8193, 8200, 16384}) {
    EXPECT_NE(fault_of(modulus_of(bits)).find("more than 8192"), std::string::npos) << bits;
  }
}

// [JWS-4]
TEST(RsaKey, HasAnOddExponentFrom65537To32Bits) {
  using std::string_literals::operator""s;
  const std::string modulus = modulus_of(2048);
  for (const std::string& good :
       {"\x01\x00\x01"s, "\x01\x00\x03"s, "\x01\x00\x00\x01"s, "\xFF\xFF\xFF\xFF"s}) {
    EXPECT_EQ(fault_of(modulus, good), "");
  }
  for (const std::string& bad : {""s, "\x01"s, "\x03"s, "\x11"s, "\xFF\xFF"s, "\x01\x00\x00"s,
                                 "\x01\x00\x02"s, "\xFF\xFF\xFF\xFE"s, "\x01\x00\x00\x00\x01"s}) {
    EXPECT_NE(fault_of(modulus, bad).find("exponent"), std::string::npos) << test::base64url(bad);
  }
}

// [JWS-4]
TEST(RsaKey, HasAnOddModulus) {
  std::string modulus = modulus_of(2048);
  --modulus.back();
  EXPECT_NE(fault_of(modulus).find("even"), std::string::npos);
}

// [JWS-4]
TEST(RsaKey, MadeByOpenSslHasNoFault) {
  EXPECT_EQ(fault_of(test::rsa_key().number(OSSL_PKEY_PARAM_RSA_N)), "");
}

// A modulus as the faulty library makes it: a power of 65537 modulo the product of the primes from
// 3 to 701.
class RocaKey : public testing::Test {
 protected:
  RocaKey() : scratch_(BN_CTX_new()), product_(BN_new()), modulus_(BN_new()) {
    BN_set_word(product_.get(), 1);
    for (unsigned candidate = 3; candidate <= 701; candidate += 2) {
      unsigned divisor = 3;
      while (divisor * divisor <= candidate && candidate % divisor != 0) {
        divisor += 2;
      }
      if (divisor * divisor > candidate) {
        BN_mul_word(product_.get(), candidate);
      }
    }
    const Number generator(BN_new());
    BN_set_word(generator.get(), 65537);
    const Number power(BN_new());
    BN_set_word(power.get(), 123'456'789);
    BN_mod_exp(modulus_.get(), generator.get(), power.get(), product_.get(), scratch_.get());
    const Number rest(BN_new());
    BN_set_bit(rest.get(), 2047 - BN_num_bits(product_.get()) + 1);
    BN_mul(rest.get(), rest.get(), product_.get(), scratch_.get());
    BN_add(modulus_.get(), modulus_.get(), rest.get());
    if (!BN_is_odd(modulus_.get())) {
      BN_add(modulus_.get(), modulus_.get(), product_.get());
    }
  }

  std::string modulus() const {
    return test::big_endian(modulus_.get(), BN_num_bytes(modulus_.get()));
  }

  Handle<BN_CTX, BN_CTX_free> scratch_;
  Number product_;
  Number modulus_;
};

// [JWS-4]
TEST_F(RocaKey, IsRefused) {
  ASSERT_GE(BN_num_bits(modulus_.get()), 2048);
  EXPECT_NE(fault_of(modulus()).find("ROCA"), std::string::npos) << fault_of(modulus());
}

// [JWS-4]
TEST_F(RocaKey, IsNoneWhereOnePrimeTellsOtherwise) {
  // Moves the residue for one prime alone, through all that it can be. 65537 has few powers there.
  constexpr unsigned prime = 691;
  const Number step(BN_dup(product_.get()));
  BN_div_word(step.get(), prime);
  BN_mul_word(step.get(), 2);
  unsigned refused = 0;
  for (unsigned residue = 0; residue < prime; ++residue) {
    BN_add(modulus_.get(), modulus_.get(), step.get());
    refused += fault_of(modulus()).empty() ? 0 : 1;
  }
  EXPECT_EQ(refused, 23U);
}

std::string bytes_of(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  }
  return bytes;
}

std::string fault_of_point(std::string_view hex) {
  return fault_of_ed25519(bytes_of(hex)).value_or("");
}

// [JWS-4]
TEST(Ed25519Key, IsAPointOfTheCurve) {
  // RFC 8032 §7.1, tests 1 to 3.
  for (const char* hex : {"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
                          "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
                          "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"}) {
    EXPECT_EQ(fault_of_point(hex), "") << hex;
  }
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(fault_of_ed25519(test::SigningKey::ed25519().raw_public_key()), std::nullopt);
  }
  EXPECT_EQ(fault_of_point("0200000000000000000000000000000000000000000000000000000000000000"),
            "the point is not on Ed25519");
}

// [JWS-4]
TEST(Ed25519Key, IsNotOfSmallOrder) {
  for (const char* hex : {"0100000000000000000000000000000000000000000000000000000000000000",
                          "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                          "0000000000000000000000000000000000000000000000000000000000000000",
                          "0000000000000000000000000000000000000000000000000000000000000080",
                          "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
                          "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
                          "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
                          "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85"}) {
    EXPECT_EQ(fault_of_point(hex), "the point has small order") << hex;
  }
}

// [JWS-4]
TEST(Ed25519Key, HasItsOneEncoding) {
  // y of p, p + 1 and 2^255 - 1, and a negative zero.
  for (const char* hex : {"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                          "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                          "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                          "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                          "0100000000000000000000000000000000000000000000000000000000000080",
                          "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"}) {
    EXPECT_NE(fault_of_point(hex), "") << hex;
  }
  EXPECT_EQ(fault_of_point("0100000000000000000000000000000000000000000000000000000000000080"),
            "the point is not on Ed25519");
  const std::string good = test::ed25519_key().raw_public_key();
  EXPECT_NE(fault_of_ed25519(good.substr(1)), std::nullopt);
  EXPECT_NE(fault_of_ed25519(good + '\0'), std::nullopt);
  EXPECT_NE(fault_of_ed25519(""), std::nullopt);
}

}  // namespace
}  // namespace ringbook
