#include "store/mongo/errors.h"

#include <mongoc/mongoc.h>

namespace ringbook::mongo {
namespace {

// See: MongoDB's src/mongo/base/error_codes.yml. 16500 is Cosmos DB's "rate too large".
enum Code : std::uint32_t {
  bad_value = 2,
  failed_to_parse = 9,
  unauthorized = 13,
  type_mismatch = 14,
  authentication_failed = 18,
  illegal_operation = 20,
  invalid_namespace = 73,
  path_not_viable = 28,
  conflicting_update_operators = 40,
  dollar_prefixed_field = 52,
  invalid_id_field = 53,
  dotted_field = 57,
  command_not_found = 59,
  immutable_field = 66,
  invalid_options = 72,
  command_not_supported = 115,
  document_validation_failure = 121,
  not_a_replica_set = 123,
  command_not_supported_on_view = 166,
  not_implemented = 238,
  api_strict = 323,
  object_too_large = 10334,
  duplicate_key = 11000,
  duplicate_key_of_update = 11001,
  duplicate_key_of_old = 12582,
  document_too_large = 17419,
  resulting_document_too_large = 17420,
};

}  // namespace

Fate fate_of(const Failure& failure) {
  if (!is_answer(failure)) {
    return Fate::unknown;  // The driver's own: a cut, a time-out, no server, no majority.
  }
  switch (failure.code) {
    case duplicate_key:
    case duplicate_key_of_update:
    case duplicate_key_of_old: return Fate::taken;
    case bad_value:
    case failed_to_parse:
    case unauthorized:
    case type_mismatch:
    case authentication_failed:
    case illegal_operation:
    case invalid_namespace:
    case path_not_viable:
    case conflicting_update_operators:
    case dollar_prefixed_field:
    case invalid_id_field:
    case dotted_field:
    case command_not_found:
    case immutable_field:
    case invalid_options:
    case command_not_supported:
    case document_validation_failure:
    case command_not_supported_on_view:
    case not_implemented:
    case api_strict:
    case object_too_large:
    case document_too_large:
    case resulting_document_too_large: return Fate::refused;
    default: return Fate::unknown;
  }
}

bool is_answer(const Failure& failure) {
  return failure.domain == MONGOC_ERROR_SERVER;
}

bool is_unsupported(const Failure& failure) {
  if (!is_answer(failure)) {
    return false;
  }
  switch (failure.code) {
    case bad_value:
    case failed_to_parse:
    case command_not_found:
    case invalid_options:
    case command_not_supported:
    case not_a_replica_set:
    case not_implemented: return true;
    default: return false;
  }
}

Error to_error(const Failure& failure) {
  if (is_answer(failure)) {
    return {Errc::unavailable,
            "the database answered " + std::to_string(failure.code) + ": " + failure.message};
  }
  return {Errc::unavailable, "the database did not answer: " + failure.message};
}

}  // namespace ringbook::mongo
