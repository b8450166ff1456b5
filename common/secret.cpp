#include "common/secret.hpp"

#include <openssl/crypto.h>

template <class T>
void Cleansing<T>::deallocate(T* memory, std::size_t count) {
  OPENSSL_cleanse(memory, count * sizeof(T));
  std::allocator<T>{}.deallocate(memory, count);
}
template struct Cleansing<char>;

Secret::Secret(std::string&& text) : text_{text.begin(), text.end()} {
  OPENSSL_cleanse(text.data(), text.size());
  text.clear();
}

bool Secret::operator==(Secret const& other) const {
  return text_.size() == other.text_.size() &&
         CRYPTO_memcmp(text_.data(), other.text_.data(), text_.size()) == 0;
}
