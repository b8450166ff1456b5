#pragma once

/// Gives back to the kernel what is held and not in use: free memory, and pages of the program and
/// its libraries, which come back from the kernel's cache when they are called again. Most of them
/// are called at the start and never after.
void give_back_memory();
