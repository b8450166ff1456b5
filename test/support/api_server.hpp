#pragma once
#include <string>

/// Where an API server is, and what a client has to know of it; all that is not an address is PEM.
struct ApiServer {
  std::string host;
  std::string port;
  std::string authority;    ///< whom to trust for the server's certificate
  std::string certificate;  ///< of a client who may do everything; empty: show none
  std::string key;

  std::string url() const { return "https://" + host + ":" + port; }
};
