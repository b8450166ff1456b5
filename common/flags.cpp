#include "common/flags.hpp"

Flag::Take switch_into(bool& target) {
  return [&target](std::string const& given) -> Result<> {
    if (given != "true" && given != "false") return invalid("must be true or false");
    target = given == "true";
    return ok;
  };
}

Flag::Take text_into(std::string& target) {
  return [&target](std::string const& given) -> Result<> {
    if (given.empty()) return invalid("must not be empty");
    target = given;
    return ok;
  };
}

Flag::Take address_into(std::optional<net::Endpoint>& target) {
  return [&target](std::string const& given) -> Result<> {
    if (given == "0") {
      target.reset();
      return ok;
    }
    TRY(target, net::listen_address(given));
    return ok;
  };
}
