#include <algorithm>
#include <thread>

#include "base/file_lock.h"
#include "base/json.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/parser.h"
#include "cli/progress.h"
#include "cli/pull/listing.h"
#include "cli/pull/place.h"
#include "cli/pull/transfer.h"
#include "cli/selection_options.h"
#include "cli/terminal_text.h"
#include "cli/units.h"

namespace modelkeep::cli {
namespace {

using pull::Content;
using pull::Listing;
using pull::Place;

constexpr int kConnections = 8;
constexpr int kConnectionsMax = 64;
constexpr unsigned kHashThreadsMax = 4;

const Manual kManual{
    .arguments = "NAME|ID [DIR]",
    .arguments_max = 2,
    .about =
        "Copies a model from the store into a folder of this machine, several files and pieces of "
        "files at once. Every file is checked against the store's digest before it gets its name; "
        "what is there and right is skipped, what was begun goes on.\n"
        "DIR is ./NAME without its namespace unless given. With --hf-cache it is a cache of the "
        "Hub's "
        "client: DIR, HF_HUB_CACHE, HF_HOME/hub or ~/.cache/huggingface/hub.",
    .examples =
        "modelkeep pull google/flan-t5-small\n"
        "modelkeep pull org/model /scratch/model --include '*.safetensors' '*.json'\n"
        "modelkeep pull org/model --revision v1.0 --hf-cache # then HF_HUB_OFFLINE=1",
    .options = {}};

struct Outcome {
  std::size_t files = 0;
  std::size_t files_skipped = 0;
  std::uint64_t bytes_total = 0;
  std::uint64_t bytes_fetched = 0;
  std::int64_t took_ms = 0;
};

std::string cache_of(const Environment& environment) {
  for (const char* name : {"HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"}) {
    if (const auto value = environment(name); value && !value->empty()) return *value;
  }
  if (const auto home = environment("HF_HOME"); home && !home->empty()) return *home + "/hub";
  const auto cache = environment("XDG_CACHE_HOME");
  const std::string base =
      cache && !cache->empty() ? *cache : environment("HOME").value_or(".") + "/.cache";
  return base + "/huggingface/hub";
}

std::string default_folder(const std::string& name) {
  return "./" + name.substr(name.rfind('/') + 1);
}

/// The transfer in the words that the progress bar draws.
class Show {
 public:
  Show(World& world, bool per_file) : world_(world), view_(world.talk, per_file) {}

  void operator()(const std::vector<pull::Progress>& all) {
    Download download;
    download.status = "downloading";
    std::uint64_t total = 0;
    std::uint64_t done = 0;
    download.files.reserve(all.size());
    for (const pull::Progress& one : all) {
      total += one.content->size_bytes;
      done += one.bytes_done;
      const char* status = one.is_done ? "done" : (one.bytes_done > 0 ? "downloading" : "waiting");
      download.files.push_back({one.content->paths.front(),
                                static_cast<std::int64_t>(one.content->size_bytes),
                                static_cast<std::int64_t>(one.bytes_done), status});
    }
    download.bytes_total = static_cast<std::int64_t>(total);
    download.bytes_done = static_cast<std::int64_t>(done);
    const std::int64_t now_ms = world_.clock.mono_ms();
    if (begun_ms_ == 0) {
      begun_ms_ = now_ms;
      begun_bytes_ = done;
    }
    if (now_ms > begun_ms_ && done > begun_bytes_) {
      const auto moved = static_cast<std::int64_t>(done - begun_bytes_);
      download.bytes_per_second = moved * 1000 / (now_ms - begun_ms_);
      if (*download.bytes_per_second > 0)
        download.eta_seconds = static_cast<std::int64_t>(total - done) / *download.bytes_per_second;
    }
    view_.show(download, now_ms);
  }
  void clear() { view_.clear(); }

 private:
  World& world_;
  ProgressView view_;
  std::int64_t begun_ms_ = 0;
  std::uint64_t begun_bytes_ = 0;
};

void print(const Listing& listing, const Place& place, const Outcome& outcome, World& world) {
  if (world.json) {
    json::Writer out;
    out.begin_object().member("success", true).key("pull").begin_object();
    out.member("model_name", listing.name).member("revision", listing.revision);
    out.member("commit", listing.commit).member("path", place.shown_folder());
    out.member("files", outcome.files).member("files_skipped", outcome.files_skipped);
    out.member("bytes_total", outcome.bytes_total).member("bytes_fetched", outcome.bytes_fetched);
    out.member("seconds", static_cast<double>(outcome.took_ms) / 1000.0);
    out.end_object().end_object();
    print_json({200, std::move(out).take()}, world);
    return;
  }
  std::string text = shown(listing.name) +
                     " is here: " + size_text(static_cast<std::int64_t>(outcome.bytes_total)) +
                     " in " + count_text(static_cast<std::int64_t>(outcome.files), "file", "files");
  if (outcome.files_skipped > 0)
    text += ", " + grouped(static_cast<std::int64_t>(outcome.files_skipped)) + " of them before";
  text += ", " + duration_text(outcome.took_ms / 1000);
  world.talk.line(text);
  world.out.line(shown(place.shown_folder()));
}

unsigned hash_threads() {
  return std::clamp(std::thread::hardware_concurrency(), 1U, kHashThreadsMax);
}

struct Wanted {
  int connections = kConnections;
  bool verbose = false;
};

Result<Outcome> bring(const Client& client, const Listing& listing, Place& place,
                      const Wanted& wanted, World& world) {
  Files& files = posix_files();
  const std::int64_t begun_ms = world.clock.mono_ms();
  Outcome outcome;
  std::vector<const Content*> missing;
  for (const Content& content : listing.contents) {
    outcome.files += content.paths.size();
    outcome.bytes_total += content.size_bytes * content.paths.size();
    if (TRY(place.has(content))) {
      outcome.files_skipped += content.paths.size();
    } else {
      missing.push_back(&content);
    }
  }
  if (!missing.empty()) {
    const auto transport = TRY(world.open_transport());
    Show show(world, wanted.verbose);
    const pull::Source source{client.server(), client.token(), client.user_name()};
    const auto fetched = pull::transfer(
        *transport, files, world.clock, place, source, listing, missing,
        {.connections = wanted.connections, .hash_threads = hash_threads()}, std::ref(show));
    show.clear();
    outcome.bytes_fetched = TRY(fetched);
  }
  TRY(place.finish());
  outcome.took_ms = world.clock.mono_ms() - begun_ms;
  return outcome;
}

Result<FileLock> take_place(const Place& place) {
  auto lock = FileLock::try_take(place.lock());
  if (lock || lock.error().code != codes::lock_held) return lock;
  return fail(ErrorKind::conflict, kServerRefused, "another pull works in this folder");
}

}  // namespace

Result<> run_pull(Call& call) {
  Parser parser(call, kManual);
  TCLAP::CmdLine& line = parser.line();
  SelectionOptions options(line);
  TCLAP::SwitchArg hf_cache("", "hf-cache", "Into a Hub client's cache.", line);
  TCLAP::ValueArg<int> connections("j", "connections", "How many at once; 8 unless given.", false,
                                   kConnections, "N", line);
  TCLAP::SwitchArg verbose("v", "verbose", "Show every file.", line);
  if (!TRY(parser.read())) return {};
  const std::vector<std::string>& words = parser.words();
  const bool named = options.name.isSet();
  if (words.size() + (named ? 1 : 0) == 0) return wrong_usage("the model's name is needed");
  if (words.size() + (named ? 1 : 0) > 2) return wrong_usage("give one NAME and one DIR");
  const std::string word = named ? options.name.getValue() : words.front();
  const std::string given = words.size() > (named ? 0U : 1U) ? words.back() : std::string();
  if (connections.getValue() < 1 || connections.getValue() > kConnectionsMax)
    return wrong_usage("--connections takes 1 to " + std::to_string(kConnectionsMax));

  Client client = TRY(connect(parser, call.world));
  const Listing listing = TRY(pull::list(
      client, word,
      {options.revision.getValue(), options.include.getValue(), options.exclude.getValue()}));
  const bool is_cache = hf_cache.getValue();
  const std::string usual =
      is_cache ? cache_of(call.world.environment) : default_folder(listing.name);
  Place place(posix_files(), listing, given.empty() ? usual : given, is_cache);
  TRY(place.prepare());
  const FileLock lock = TRY(take_place(place));
  const InterruptNotice notice("\nmodelkeep: what has arrived is kept; the same command goes on\n");
  const Outcome outcome =
      TRY(bring(client, listing, place, {connections.getValue(), verbose.getValue()}, call.world));
  print(listing, place, outcome, call.world);
  return {};
}

}  // namespace modelkeep::cli
