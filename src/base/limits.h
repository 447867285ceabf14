// Every bound of the product: value, unit, reason, and what the other side sees at it. Relations
// between bounds are asserted below them. The table in docs/operations.md is made from this file.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace ringbook::limits {

using namespace std::chrono_literals;

// --- HTTP messages -------------------------------------------------------------------------------
// Octets of a request head, from the request line to the empty line inclusive. Room for a token of
// 16 KiB and its company. Over it: 431.
inline constexpr std::size_t head_bytes = 24 * 1024;
// Octets of a request target. Over it: 414.
inline constexpr std::size_t target_bytes = 8 * 1024;
// Field lines of a request head. Over it: 431.
inline constexpr std::size_t head_fields = 100;
// Octets of a request body; the largest documented body is below 4 KiB. Over it: 413.
inline constexpr std::size_t body_bytes = 64 * 1024;
// Octets of chunk extensions and trailers of one message together. Over it: 413.
inline constexpr std::size_t chunk_overhead_bytes = 32 * 1024;
// Digits of a chunk size (16^16 is the range of 64 bits) and of a Content-Length. Over it: 400.
inline constexpr std::size_t chunk_size_digits = 16;
inline constexpr std::size_t content_length_digits = 19;
// Characters of an X-Request-Id that is taken from the request. Over it: one is made.
inline constexpr std::size_t request_id_chars = 64;
// Addresses of an X-Forwarded-For that are looked at, from the right; longer chains of trusted
// proxies are hardly built. Beyond: the last one counts as the client.
inline constexpr std::size_t forwarded_hops = 16;
// How long a browser may remember what it was told about an origin.
inline constexpr auto preflight_time = 600s;

// --- HTTP connections ----------------------------------------------------------------------------
// Connections open at once; further ones wait in the backlog.
inline constexpr std::size_t connections = 16'384;
// Connections that wait to be accepted, as asked of the kernel.
inline constexpr int listen_backlog = 4096;
// Records without data on a TLS connection after its handshake: a client that renews its keys now
// and then needs a few. Then the connection is dropped.
inline constexpr std::size_t tls_records_without_data = 64;
// Octets that an idle connection keeps for its next request.
inline constexpr std::size_t idle_buffer_bytes = 4 * 1024;
// What is read and dropped after a refusal, so that the answer is not lost to a reset.
inline constexpr std::size_t linger_bytes = 1024 * 1024;
inline constexpr auto linger_time = 2s;
// Deadlines, each from its start and not extended by further bytes: a handshake of TLS (closed), a
// head (408), a body (408), an answer to be taken (closed), an idle connection (closed): longer
// than the 60 s of balancers, which must be the first to close.
inline constexpr auto handshake_time = 10s;
inline constexpr auto head_time = 10s;
inline constexpr auto body_time = 20s;
inline constexpr auto answer_time = 20s;
inline constexpr auto idle_time = 75s;
// Octets of a file with the certificates of TLS; some dozens fit. Over it: exit 2.
inline constexpr std::size_t certificate_file_bytes = 256 * 1024;
// How long a draining server waits for unfinished requests before it drops them.
inline constexpr auto drain_time = 10s;
// How often deadlines are looked at; the most by which one can be late.
inline constexpr auto deadline_resolution = 100ms;

// --- JSON ----------------------------------------------------------------------------------------
// Open containers, the document being the first. Over it: MALFORMED_JSON.
inline constexpr std::size_t json_depth = 32;
// Problems of shape that one answer lists.
inline constexpr std::size_t problems = 16;

// --- Tokens --------------------------------------------------------------------------------------
// Octets of a compact JWS: providers put the ids of some hundred groups into one. Over it: 401.
inline constexpr std::size_t token_bytes = 16 * 1024;
// Code points of a subject or an issuer claim. Over it: 401.
inline constexpr std::size_t subject_chars = 255;
// How far clocks may disagree.
inline constexpr auto clock_skew = 30s;
// Life of a token that `ringbook token` makes. Over it the command refuses.
inline constexpr auto token_lifetime = std::chrono::hours{24 * 366 * 10};
// Octets of a file with a secret. Over it the start is refused.
inline constexpr std::size_t secret_file_bytes = 64 * 1024;
// Octets and keys of a JWK set; a hundred of the longest RSA keys with certificates fit. Over it
// the start is refused, or the set before stays in use.
inline constexpr std::size_t key_set_bytes = 1024 * 1024;
inline constexpr std::size_t keys_per_set = 100;
// Characters of a URL that keys are fetched from. Over it the start or the document is refused.
inline constexpr std::size_t key_url_chars = 2048;
// Fetching one document of a service that has keys: the connection with its handshake, and all of
// it however slowly it drips. Over it the fetch has failed, and the keys before stay in use.
inline constexpr auto key_connect_time = 5s;
inline constexpr auto key_fetch_time = 10s;
// How often remote keys are fetched anew, so that one that is withdrawn is soon refused; and how
// long after the start of one fetch the next may begin, because it failed or a token names an
// unknown key. Such a token is refused meanwhile: 401.
inline constexpr auto key_refresh_time = 300s;
inline constexpr auto key_fetch_spacing = 30s;
// Tokens that wait for a fetch under way because they name an unknown key, and for how long. Over
// either: 401.
inline constexpr std::size_t waiting_for_keys = 256;
inline constexpr auto key_wait_time = 2s;
// Bits of an RSA modulus: below is weak, above costs more than a signature is worth. Such a key is
// left out: 401.
inline constexpr int rsa_bits_min = 2048;
inline constexpr int rsa_bits_max = 8192;
// Keys that one token is tried against when several fit. Signed by a further one: 401.
inline constexpr std::size_t keys_tried = 2;
// Signatures that wait for the verifier's thread: more than a burst of clients with a new token
// each, and under a second of the slowest algorithm. Over it the client that has most of them
// waiting gets 500 on the documented path, 503 under /v1.
inline constexpr std::size_t waiting_signatures = 512;
// Signatures checked before their verdicts are handed over: the two threads wake each other less
// often, and the first verdict waits a few milliseconds for the last at worst.
inline constexpr std::size_t signature_batch = 8;
// Tokens remembered as verified. Over it the oldest is verified once more.
inline constexpr std::size_t verified_tokens = 8192;
// Octets of the Authorization that a connection remembers, so that what an idle connection costs
// stays below 16 KiB. A longer one is checked each time.
inline constexpr std::size_t last_authorization_bytes = 4096;
// Octets of the field lines that a connection remembers, for the same reason. Longer ones, such as
// a browser's with cookies, are read each time.
inline constexpr std::size_t last_fields_bytes = 2048;

// --- The directory -------------------------------------------------------------------------------
// Digits of an extension.
inline constexpr std::size_t extension_digits_min = 2;
inline constexpr std::size_t extension_digits_max = 10;
// Code points of profile members. Over it: 400.
inline constexpr std::size_t name_chars = 200;
inline constexpr std::size_t department_chars = 100;
inline constexpr std::size_t email_chars = 254;
inline constexpr std::size_t role_chars = 100;
// Code points of the `search` parameter.
inline constexpr std::size_t search_chars = 200;
// Numbers looked at for suggestions, and suggestions given.
inline constexpr std::size_t suggestions_looked_at = 1000;
inline constexpr std::size_t suggestions = 3;
// Rows of a page.
inline constexpr std::size_t page_rows_max = 500;
inline constexpr std::size_t page_rows_default = 50;
// Users that one search step looks at before other requests get their turn.
inline constexpr std::size_t scan_step = 4096;
// Users who may fit a search: up to these are put in order, a tenth of a microsecond each; more are
// met so often among all in order that a page is full sooner.
inline constexpr std::size_t search_candidates = 4096;
// Entries of the index that one search reads at once for each thing it asks for, a millisecond's;
// what more have leaves too few out.
inline constexpr std::size_t search_entries = 262'144;
// Entity tags in one If-Match or If-None-Match. Over it: 400.
inline constexpr std::size_t entity_tags = 64;
// Ended requests whose memory the next ones reuse, and the octets of a text that each keeps.
inline constexpr std::size_t spare_exchanges = 256;
inline constexpr std::size_t spare_text_bytes = 256;
// Users that a command lists when an e-mail address names several.
inline constexpr std::size_t ids_shown = 10;
// Edits of one change set. Over it an import says to split the file.
inline constexpr std::size_t change_set_edits = 1'048'576;
// Users of one directory: slots are 32 bits wide and the high ones mean "nobody".
inline constexpr std::uint32_t users = 0xFFFF'FF00U;
// Changes of one directory: the registry keeps sequences in 47 bits, enough for two centuries
// of a million a minute. Over it: 500 on the documented path, 503 under /v1.
inline constexpr std::uint64_t changes = 0x7FFF'FFFF'FFFFU;
// Users whom the index for searches takes in before other requests get their turn, some two
// milliseconds' worth.
inline constexpr std::size_t prepare_step = 2048;

// --- The store -----------------------------------------------------------------------------------
// A turn of group commit ends after this many edits were asked for or this long, whichever is
// first: it bounds how long an answer waits for its neighbours.
inline constexpr std::size_t turn_changes = 256;
inline constexpr auto turn_time = 2ms;
// Changes, and what would undo them, whose memory one turn leaves to the next; that of a large set
// is given back.
inline constexpr std::size_t kept_undos = 4096;
// Changes that the fold has not yet taken into directory.db; they are held in memory and replayed
// at a start. At the bound: 500 on the documented path, 503 under /v1.
inline constexpr std::size_t unfolded_changes = 1'048'576;
// Above this, every further change waits a little longer, so that the fold catches up.
inline constexpr std::size_t unfolded_slow = unfolded_changes / 4 * 3;
// How long readiness says `disk_full` after a write that found no room. Then the next write is the
// trial; without it a balancer that sends nothing would never learn that there is room again.
inline constexpr auto disk_full_time = 5s;
// Changes folded in one transaction: large enough that scattered users share pages.
inline constexpr std::size_t fold_slice = 131'072;
// Threads that read the people of directory.db at a start, each with a connection of its own: as
// many as a small machine has cores; more would wait for each other's memory.
inline constexpr std::size_t start_readers = 2;
// The fold leaves disk and processor to requests: it begins when at most so many changes came in so
// long, which is also its pause when it found no room, or when so many wait that a start after a
// kill should not have to replay many more.
inline constexpr std::uint64_t fold_few = 250;
inline constexpr auto fold_delay = 500ms;
inline constexpr std::size_t fold_backlog = 2 * fold_slice;
// Waiting changes stand in blocks of so many, about 100 KiB, or in a block for each larger set.
inline constexpr std::size_t fold_block = 1024;
// Profiles whose values the journal forgets in one step, once they are folded.
inline constexpr std::uint64_t forget_step = 1024;
// How long one statement waits for a lock that a reader holds; readers hold none for long.
inline constexpr int busy_ms = 1000;
// Replies that wait for the end of a turn, and histories that wait for the reader. Over it:
// overloaded.
inline constexpr std::size_t waiting_replies = 65'536;
inline constexpr std::size_t waiting_histories = 1024;
// Changes of a number for each one that the index for moments knows, in the mean: more of them make
// writing cheap, fewer make the walk from there to the moment short.
inline constexpr std::uint64_t milestone_distance = 64;
// Lists and searches under way; each turn advances one of them by a step. Over it: overloaded.
inline constexpr std::size_t waiting_searches = 256;
// Changes that a backup copies before it lets go of the journal and writes out what it has: the
// server's log does not grow meanwhile, and its commits do not wait for all of it at once.
inline constexpr std::uint64_t backup_slice = 65'536;
// Pages of the journal's write-ahead log before it is checkpointed (4 KiB each): many of them are
// versions of the same page, of which one is moved, but all of them are read at a start after a
// crash.
inline constexpr int checkpoint_pages = 500;
// Above this, every further turn waits a little longer, so that the checkpoint catches up.
inline constexpr int checkpoint_pages_slow = 4 * checkpoint_pages;
// Octets that the fold of a server writes before it syncs them: the journal's sync, for which
// answers wait, stands behind no more than these.
inline constexpr std::int64_t paced_bytes = 256 * 1024;
// Octets that a write-ahead log keeps on disk when it is begun anew; room for several checkpoints.
inline constexpr std::int64_t wal_bytes = 32 * 1024 * 1024;
// How long a commit may take before the log says `disk_stalled`; and how often that is looked at.
inline constexpr auto disk_stall_time = 2s;
inline constexpr auto watchdog_interval = 100ms;
// Octets of the record of a turn: as many changes as one has, each by somebody else with the
// longest names, are half of it. Longer ones are damaged.
inline constexpr std::size_t turn_record_bytes = 1024 * 1024;
// Changes of an older journal that are brought to the present form between two lines of the log.
inline constexpr std::uint64_t upgrade_step = 1'048'576;

// --- The shared store ----------------------------------------------------------------------------
// How long a turn tries to reach the database; then what it asked is answered 500, for nobody knows
// what became of it. A request waits for the turn before its own at most, so twice as long.
inline constexpr auto shared_time = 2s;
// How long after an attempt of unknown outcome the same is tried again.
inline constexpr auto shared_retry_time = 20ms;
// Changes that one batch of the shared journal carries in its own document, and octets of these
// with their profiles: databases bound documents at 2 to 16 MiB. More become a large set, in parts
// of as many.
inline constexpr std::size_t shared_batch_changes = 4096;
inline constexpr std::size_t shared_batch_bytes = 1024 * 1024;
// Changes of a part of a large set, if their profiles leave room for as many.
inline constexpr std::size_t shared_part_changes = 1024;
// Changes that are folded in one turn of the loop, and what the last batch of it has more: a few
// milliseconds.
inline constexpr std::size_t shared_fold_changes = 4096;
// Octets of a part of something that is too large for one document, about: they all are bounded.
inline constexpr std::size_t shared_part_bytes = 1024 * 1024;
// Changes after which a checkpoint of the shared journal is due, when they are a quarter of the
// users, too: a start reads as many of them in some seconds, and what is written for a checkpoint
// is then less than what was written for the changes.
inline constexpr std::uint64_t shared_checkpoint_changes = 65'536;
// Users and numbers that may change while a checkpoint is written: of each the former state is kept
// meanwhile, some 100 octets. Over it that checkpoint is given up, and a later one is written.
inline constexpr std::size_t shared_checkpoint_kept = 262'144;
// How often a large set is decided anew because others changed its users or numbers meanwhile; then
// it is answered as if the database could not be reached.
inline constexpr int shared_set_tries = 3;
// How much longer than a turn's time the documents of users may take, for each of them.
inline constexpr auto shared_document_time = 1ms;
// Batches that one reading of the shared journal gives at most.
inline constexpr std::size_t shared_read_batches = 100;
// Batches that a history fetches at once at most: a page of it is most often among them.
inline constexpr std::size_t shared_history_batches = 64;
// Documents of users that are read at once when all of them are: below 1 MiB.
inline constexpr std::size_t shared_scan_page = 1000;
// How long after one reading of all adopted people the next begins, unless a setting says
// otherwise: their program may have given them other names, or made further ones.
inline constexpr auto shared_rescan_time = 60s;
// How often an instance sees to what others have left unpublished, and how old that must be: their
// own try has ended by then.
inline constexpr auto shared_tidy_time = 10s;

// --- MongoDB -------------------------------------------------------------------------------------
// Finding a server and connecting to it, and one answer of it: longer than any deadline, so that
// only a connection that is dead is given up. How often servers are looked at when all is well.
inline constexpr auto mongo_connect_time = 1s;
inline constexpr auto mongo_socket_time = 3s;
inline constexpr auto mongo_heartbeat_time = 1s;
// How long a start waits for the database and its indexes: exit 3.
inline constexpr auto mongo_open_time = 10s;
// How often an instance asks the database for a sign of life, with as long for the answer as a
// request has; how soon /readyz follows.
inline constexpr auto mongo_probe_time = 1s;
// Threads that look up and publish; the journal has two of its own.
inline constexpr std::size_t mongo_threads = 4;
// Questions that wait for each kind of thread. Over it: overloaded.
inline constexpr std::size_t mongo_questions = 1024;
// Statements of one command that updates: some servers keep a connection for each of them.
inline constexpr std::size_t mongo_statements = 16;
// Documents of one command that inserts: some servers go on behind a refused one beyond it.
inline constexpr std::size_t mongo_inserts = 100;
// Octets of documents that one reading gathers; it ends with the document that reaches it.
inline constexpr std::size_t mongo_read_bytes = 16 * 1024 * 1024;
// Parts of large sets that touch one person or number, and are looked through for a history.
inline constexpr std::size_t mongo_sets_of_one = 4096;

// --- Logs ----------------------------------------------------------------------------------------
// Lines waiting to be written; over it the oldest are dropped and counted.
inline constexpr std::size_t log_lines = 8192;
// How long the end of the process waits for a stuck stderr to take the lines that are queued; what
// is left then is dropped.
inline constexpr auto log_flush_time = 1s;
// Lines a second about refused tokens, about requests answered 500 or 503, and about framing; the
// next line says how many were left out.
inline constexpr std::size_t repeated_lines_per_second = 10;

// How long the figures of the process in the metrics stay as they are: anybody may ask for them,
// and with many connections there is much to count.
inline constexpr auto figures_fresh_time = 1s;

// --- The service manager -------------------------------------------------------------------------
// How long a word to the service manager waits until it is taken; then it is not told.
inline constexpr auto notify_time = 1s;

// --- The command line ----------------------------------------------------------------------------
// Octets of a configuration file, and of a file that holds a store's URL. Over it: exit 2.
inline constexpr std::size_t config_file_bytes = 64 * 1024;
// A command's connection to a server, and one whole exchange with it: exit 3 when it takes longer.
inline constexpr auto client_connect_time = 5s;
inline constexpr auto client_exchange_time = 60s;
// Octets of an answer that a command reads; a page of the longest users is below 8 MiB. Over it:
// exit 3.
inline constexpr std::size_t client_answer_bytes = 16 * 1024 * 1024;
// Life of the token that a command makes for the server that holds its data folder.
inline constexpr auto client_token_time = 60s;
// How long a command waits for its own store to answer, or to fold anything further: exit 3.
inline constexpr auto local_store_time = 60s;
// How often a command reads a profile or an export anew when others change it meanwhile; then it
// gives up: exit 1 and exit 3.
inline constexpr int client_attempts = 5;
// Octets of one record of an import. Over it the file is refused.
inline constexpr std::size_t import_record_bytes = 64 * 1024;
// Lines at the beginning of a list among which its header line is looked for.
inline constexpr std::size_t import_header_lines = 20;
// Columns of a list, or members of its objects, that are named as left out; the others are not.
inline constexpr std::size_t import_ignored_names = 200;
// Refused rows of an import that a terminal is shown, the first of the file; the others are
// counted.
// `--json` and `--errors` give all.
inline constexpr std::size_t import_problems = 1000;
// Findings that `ringbook doctor` prints; the others are counted.
inline constexpr std::size_t findings = 1000;
// Documents of people that one question to the database gives.
inline constexpr std::size_t mongo_scan_people = 1000;
// Numbers of other programs' people that one batch of the journal adopts.
inline constexpr std::size_t adopted_at_once = 256;
// Of many documents with one fault so many are named.
inline constexpr std::size_t findings_named = 10;
// Numbers of an import's file from which on their usual length tells that a shorter one has lost
// zeros. Below it that is a warning, and no refusal.
inline constexpr std::size_t telling_numbers = 10;
// Users that an import asks its store for between two turns.
inline constexpr std::size_t import_batch = 8192;
// People whom an import looks up by e-mail address, or by name, at once.
inline constexpr std::size_t people_batch = 128;
// People whom a search for a name of an import looks at to find who has that very name.
inline constexpr std::size_t namesakes_looked_at = 50;

static_assert(token_bytes + 1024 <= head_bytes, "the largest token fits a head");
static_assert(target_bytes < head_bytes, "414 can be told from 431");
static_assert(suggestions <= suggestions_looked_at);
static_assert(page_rows_default <= page_rows_max);
static_assert(fold_backlog < unfolded_slow && unfolded_slow < unfolded_changes);
static_assert(turn_changes <= fold_block);
static_assert(change_set_edits <= unfolded_changes, "the largest import fits what may be unfolded");
static_assert(turn_changes < waiting_replies);
static_assert(connections < waiting_replies, "each connection has one request in flight");
static_assert(linger_time < drain_time);
static_assert(disk_stall_time < drain_time);
static_assert(shared_time < mongo_socket_time, "an answer in time is not cut off");
static_assert(signature_batch < waiting_signatures);
static_assert(key_connect_time < key_fetch_time);
static_assert(2 * key_fetch_time < key_fetch_spacing,
              "a fetch of two documents ends before the next");
static_assert(key_fetch_spacing < key_refresh_time);
static_assert(import_batch < waiting_replies, "a batch of an import fits one turn");
static_assert(people_batch <= waiting_searches);

}  // namespace ringbook::limits
