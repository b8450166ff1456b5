#pragma once

/// A number from [0, 1), each as likely as another; for jitter, never for secrets.
double random_fraction();
