#pragma once
#include "common/result.hpp"
#include "common/secret.hpp"

#include <string>

/// A number from [0, 1), each as likely as another; for jitter, never for secrets.
double random_fraction();

/// A UUID that nobody else has (RFC 9562, version 4).
std::string random_uuid();

/// 256 bits from the kernel, in 64 hexadecimal digits. Permanent where it gives none.
Result<Secret> random_password();
