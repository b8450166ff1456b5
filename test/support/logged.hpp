#pragma once
#include "test/support/process.hpp"

#include <boost/json/object.hpp>

/// Reads what a process logs until it tells of `event`, which it has to: the whole entry.
boost::json::object until_logged(Process const& process, std::string_view event);
