// Faults as they are ordered: JSON.
#include "base/error_codes.h"
#include "tests/hub/faults.h"

namespace modelkeep::standin {
namespace {

struct Order {
  std::string kind;
  Fault fault;
};

void from_json(json::Reader& in, Order& out) {
  in.required("kind", out.kind);
  Fault& fault = out.fault;
  in.optional("match", fault.match).optional("call", fault.call).optional("times", fault.times);
  in.optional("skip", fault.skip).optional("after_bytes", fault.after_bytes);
  in.optional("at", fault.at).optional("count", fault.count).optional("bytes", fault.bytes);
  in.optional("bytes_per_s", fault.bytes_per_s).optional("delay_ms", fault.delay_ms);
  in.optional("status", fault.status_code).optional("retry_after", fault.retry_after);
  in.optional("location", fault.location).optional("seed", fault.seed).nothing_else();
}

struct Orders {
  std::vector<Order> faults;
};

void from_json(json::Reader& in, Orders& out) {
  in.required("faults", out.faults).nothing_else();
}

}  // namespace

Result<std::vector<Fault>> parse_faults(std::string_view json_text) {
  Orders orders;
  const json::Document document = TRY(json::Document::parse(json_text));
  if (document.root().has("faults")) {
    orders = TRY(json::parse<Orders>(json_text));
  } else {
    orders.faults.push_back(TRY(json::parse<Order>(json_text)));
  }
  std::vector<Fault> faults;
  for (Order& order : orders.faults) {
    const auto kind = fault_kind(order.kind);
    if (!kind) {
      return fail(ErrorKind::invalid, codes::field_invalid, "There is no fault " + order.kind);
    }
    order.fault.kind = *kind;
    faults.push_back(std::move(order.fault));
  }
  return faults;
}

}  // namespace modelkeep::standin
