#include "auth/key_strength.h"

#include <openssl/bn.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "auth/openssl.h"
#include "base/limits.h"

namespace ringbook {
namespace {

using Number = Handle<BIGNUM, BN_free>;
using Scratch = Handle<BN_CTX, BN_CTX_free>;

Number number_of(std::string_view bytes) {
  return Number(BN_bin2bn(openssl::octets(bytes), static_cast<int>(bytes.size()), nullptr));
}

constexpr bool is_prime(BN_ULONG candidate) {
  for (BN_ULONG divisor = 2; divisor * divisor <= candidate; ++divisor) {
    if (candidate % divisor == 0) {
      return false;
    }
  }
  return true;
}

constexpr BN_ULONG roca_generator = 65537;
// Keys of 2048 bits and more are made from at least the first 126 primes.
constexpr BN_ULONG roca_last_prime = 701;

bool is_power_of_roca_generator(BN_ULONG residue, BN_ULONG prime) {
  BN_ULONG power = 1;
  do {
    if (power == residue) {
      return true;
    }
    power = power * roca_generator % prime;
  } while (power != 1);
  return false;
}

// The faulty library's primes, and so their products, are powers of 65537 modulo every small prime;
// of other keys hardly one in 2^150 is.
bool has_roca_fingerprint(const BIGNUM* modulus) {
  for (BN_ULONG prime = 3; prime <= roca_last_prime; prime += 2) {
    if (is_prime(prime) && !is_power_of_roca_generator(BN_mod_word(modulus, prime), prime)) {
      return false;
    }
  }
  return true;
}

// Arithmetic modulo 2^255 - 19. A result without value means that OpenSSL had no memory.
class Field {
 public:
  Field() : scratch_(BN_CTX_new()), prime_(word(1)) {
    is_good_ = scratch_ && prime_ && BN_lshift(prime_.get(), prime_.get(), 255) == 1 &&
               BN_sub_word(prime_.get(), 19) == 1;
  }

  bool is_good() const { return is_good_; }
  const BIGNUM* prime() const { return prime_.get(); }

  Number word(BN_ULONG value) {
    Number number(BN_new());
    note(number && BN_set_word(number.get(), value) == 1);
    return number;
  }
  Number add(const Number& a, const Number& b) { return apply(BN_mod_add, a, b); }
  Number subtract(const Number& a, const Number& b) { return apply(BN_mod_sub, a, b); }
  Number multiply(const Number& a, const Number& b) { return apply(BN_mod_mul, a, b); }
  // Needs a `b` that is not 0.
  Number divide(const Number& a, const Number& b) {
    const Number inverse(is_good_ ? BN_mod_inverse(nullptr, b.get(), prime(), scratch_.get())
                                  : nullptr);
    note(inverse != nullptr);
    return multiply(a, inverse);
  }
  bool is_square(const Number& a) { return BN_kronecker(a.get(), prime(), scratch_.get()) >= 0; }

 private:
  using Operation = int (*)(BIGNUM*, const BIGNUM*, const BIGNUM*, const BIGNUM*, BN_CTX*);

  Number apply(Operation operation, const Number& a, const Number& b) {
    Number result(BN_new());
    note(result && a && b &&
         operation(result.get(), a.get(), b.get(), prime(), scratch_.get()) == 1);
    return result;
  }
  void note(bool worked) { is_good_ = is_good_ && worked; }

  bool is_good_ = true;
  Scratch scratch_;
  Number prime_;
};

// The curve is -x² + y² = 1 + d·x²·y². A point's x² follows from its y, and so does the y of its
// double; whether it is of small order can therefore be told without a square root.
std::optional<std::string> fault_of_point(Field& field, Number y, bool is_negative) {
  const Number one = field.word(1);
  const Number d =
      field.subtract(field.word(0), field.divide(field.word(121665), field.word(121666)));
  const auto x_squared = [&](const Number& of_y) {
    const Number y_squared = field.multiply(of_y, of_y);
    return field.divide(field.subtract(y_squared, one),
                        field.add(field.multiply(d, y_squared), one));
  };
  const Number first = x_squared(y);
  if (!field.is_good() || !field.is_square(first) || (BN_is_zero(first.get()) && is_negative)) {
    return "the point is not on Ed25519";
  }
  // Three doublings lead every point of small order, and no other, to the neutral one.
  for (int doubling = 0; doubling < 3; ++doubling) {
    const Number xx = x_squared(y);
    const Number yy = field.multiply(y, y);
    const Number product = field.multiply(d, field.multiply(xx, yy));
    y = field.divide(field.add(yy, xx), field.subtract(one, product));
  }
  if (!field.is_good() || BN_is_one(y.get())) {
    return "the point has small order";
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> fault_of_rsa(std::string_view modulus, std::string_view exponent) {
  constexpr std::size_t exponent_bytes_max = 4;
  if (modulus.size() > limits::rsa_bits_max / 8) {
    return "RSA of more than " + std::to_string(limits::rsa_bits_max) + " bits";
  }
  const Number n = number_of(modulus);
  const Number e = number_of(exponent.substr(0, exponent_bytes_max));
  if (!n || !e) {
    return "OpenSSL has no memory for it";
  }
  if (BN_num_bits(n.get()) < limits::rsa_bits_min) {
    return "RSA of " + std::to_string(BN_num_bits(n.get())) + " bits; at least " +
           std::to_string(limits::rsa_bits_min) + " are needed";
  }
  if (exponent.size() > exponent_bytes_max || !BN_is_odd(e.get()) || BN_get_word(e.get()) < 65537) {
    return "the RSA exponent is not an odd number from 65537 to 2^32";
  }
  if (!BN_is_odd(n.get())) {
    return "the RSA modulus is even";
  }
  if (has_roca_fingerprint(n.get())) {
    return "an RSA key that can be factored (ROCA, CVE-2017-15361)";
  }
  return std::nullopt;
}

std::optional<std::string> fault_of_ed25519(std::string_view bytes) {
  constexpr std::size_t size = 32;
  constexpr unsigned char sign_bit = 0x80;
  if (bytes.size() != size) {
    return "an Ed25519 key has 32 bytes";
  }
  // Little-endian; the highest bit is the sign of x.
  std::array<unsigned char, size> reversed{};
  std::ranges::reverse_copy(bytes, reversed.begin());
  const bool is_negative = (reversed[0] & sign_bit) != 0;
  reversed[0] &= static_cast<unsigned char>(~sign_bit);
  Field field;
  Number y(BN_bin2bn(reversed.data(), static_cast<int>(size), nullptr));
  if (!field.is_good() || !y || BN_cmp(y.get(), field.prime()) >= 0) {
    return "the point is not on Ed25519";
  }
  return fault_of_point(field, std::move(y), is_negative);
}

}  // namespace ringbook
