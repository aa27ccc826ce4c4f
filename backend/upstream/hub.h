#pragma once
// The Hub as a client sees it. One Hub a thread: it borrows a Transport.
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "net/curl_transport.h"
#include "net/transport.h"
#include "upstream/manifest.h"

namespace modelkeep::upstream {

struct Config {
  std::string endpoint = "https://huggingface.co";
  std::string token_file{};
  std::vector<std::string> allow_hosts{};
  std::vector<net::Cidr> allow_cidrs{};
  std::string proxy{};
  std::string ca_file{};
  net::Patience patience{};
};

Result<std::unique_ptr<net::Transport>> make_transport(const Config& config);

class Hub {
 public:
  Hub(net::Transport& transport, Clock& clock, Config config, std::string token);

  /// The commit that `revision` names at this moment, and all its files. upstream_* and
  /// revision_not_found.
  Result<Manifest> list_revision(const std::string& repo, const std::string& revision,
                                 const std::function<bool()>& keep_going);

  /// What a revision means at this moment, asked as cheaply as it can be: with the etag of an
  /// earlier answer the Hub may say that nothing changed.
  struct Resolved {
    std::optional<std::string> commit{};  ///< Absent when it is what it was.
    std::string etag{};
  };
  Result<Resolved> resolve(const std::string& repo, const std::string& revision,
                           const std::string& etag, const std::function<bool()>& keep_going);

  /// Whether the token opens a gated repo's files. A hub that cannot say counts as one that lets
  /// us.
  bool may_read(const std::string& repo, const std::function<bool()>& keep_going);

  /// For one file of a pinned commit; the caller adds a range.
  net::Request file_request(const std::string& repo, const std::string& commit,
                            const std::string& path) const;

  /// What the last refusal asked for, in seconds.
  std::optional<std::int64_t> wished_wait_s() const { return wished_wait_s_; }
  const std::string& token() const { return token_; }

 private:
  Result<net::Response> get(const std::string& url, const std::function<bool()>& keep_going,
                            const std::string& known_etag = {});
  Result<> add_tree(const std::string& repo, Manifest& manifest,
                    const std::function<bool()>& keep_going);

  net::Transport& transport_;
  Clock& clock_;
  Config config_;
  std::string token_;
  std::optional<std::int64_t> wished_wait_s_;
};

}  // namespace modelkeep::upstream
