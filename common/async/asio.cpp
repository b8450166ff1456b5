// Asio's own code, compiled once here rather than in every file that includes it.
#include <boost/asio/impl/src.hpp>
