// Beast's and OpenSSL's glue, compiled once here rather than in every file that includes it.
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/beast/src.hpp>
