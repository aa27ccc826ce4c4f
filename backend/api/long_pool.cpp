#include "api/long_pool.h"

namespace modelkeep::api {

http::Response hand_to_long_pool(Call& call) {
  call.counted_elsewhere = true;
  http::Response response;
  response.headers.push_back({"X-Accel-Redirect", "@long"});
  return response;
}

}  // namespace modelkeep::api
