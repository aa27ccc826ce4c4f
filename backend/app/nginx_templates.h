#pragma once
// The templates of deploy/nginx/ as the build embedded them. Read by app/nginx_conf.cpp.
#include <span>
#include <string_view>

namespace modelkeep::app {

struct NginxTemplate {
  std::string_view name;  ///< "modelkeep.conf"
  std::string_view text;
};

std::span<const NginxTemplate> nginx_templates();

}  // namespace modelkeep::app
