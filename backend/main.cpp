// modelkeepd: every process of the service is this program in one of its roles.
#include <string>
#include <vector>

#include "app/commands.h"

int main(int count, char** words) {
  return modelkeep::app::run_command(std::vector<std::string>(words + 1, words + count));
}
