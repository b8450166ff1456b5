#include "common/async/task.hpp"

#include <boost/asio/error.hpp>

Error from(boost::system::error_code failure) {
  if (failure == asio::error::operation_aborted) return {Fault::Cancelled, "cancelled"};
  return {Fault::Transient, failure.message()};
}
