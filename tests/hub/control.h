#pragma once
// The calls by which a test steers the hub and reads what happened: /_standin/log, /faults, /reset,
// /repos.
#include "tests/hub/faults.h"
#include "tests/hub/message.h"
#include "tests/hub/request_log.h"
#include "tests/hub/site.h"

namespace modelkeep::standin {

Answer answer_control(Site& site, FaultTable& faults, RequestLog& log, const Request& request,
                      std::string_view path);

}  // namespace modelkeep::standin
