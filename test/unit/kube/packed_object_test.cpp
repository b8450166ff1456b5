#include "common/kube/packed_object.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch_test_macros.hpp>

using kube::Identity;
using kube::Owners;
using kube::PackedObject;

namespace {

auto const described = json::parse(R"({"metadata": {
    "namespace": "demo", "name": "a", "uid": "1", "resourceVersion": "9",
    "ownerReferences": [{"uid": "x"}, {"uid": "y"}, {"uid": "x"}]}})");

}  // namespace

TEST_CASE("a packed object says what it is, whose, and what it holds") {
  PackedObject const object{kube::identity_of(described), kube::owners_of(described), "contents"};
  auto const identity = object.identity();
  CHECK(identity.key == kube::Key{.namespace_name = "demo", .name = "a"});
  CHECK(object.key() == identity.key);
  CHECK(kube::ref_of(object.key()).text() == "demo/a");
  CHECK(identity.uid == "1");
  CHECK(identity.resource_version == "9");
  CHECK(object.owners() == Owners{"x", "y", "x"});
  CHECK(object.contents().value() == "contents");
}

TEST_CASE("a packed object may hold why there is nothing else") {
  PackedObject const object{{}, {}, invalid("no number")};
  CHECK(object.contents().error() == Error{Fault::Invalid, "no number"});
}

TEST_CASE("copies of a packed object are the same, and what is equal need not be") {
  PackedObject object{{}, {}, "contents"};
  auto const copy = object;
  CHECK(copy == object);
  CHECK(object != PackedObject{{}, {}, "contents"});
  object = {};
  CHECK(!object);
  CHECK(copy.contents().value() == "contents");
}

TEST_CASE("an object's identity is what of it can be read") {
  for (auto const* const text :
       {"null", "{}", R"({"metadata": []})",
        R"({"metadata": {"name": 1, "uid": null, "ownerReferences": {"uid": "x"}}})"}) {
    auto const object = json::parse(text);
    CHECK(kube::identity_of(object).key == kube::Key{});
    CHECK(kube::identity_of(object).uid.empty());
    CHECK(kube::owners_of(object).empty());
  }
  auto const object = json::parse(R"({"metadata": {"ownerReferences": [1, {}, {"uid": "x"}]}})");
  CHECK(kube::owners_of(object) == Owners{"", "", "x"});
}

TEST_CASE("an identity is put into metadata, in which it is whole again") {
  kube::Metadata metadata;
  metadata.owner_references.resize(3);
  kube::identify(metadata, kube::identity_of(described), kube::owners_of(described));
  CHECK(kube::ref_of(metadata).text() == "demo/a");
  CHECK(metadata.uid == "1");
  CHECK(metadata.resource_version == "9");
  CHECK(metadata.owner_references[1].uid == "y");
  kube::identify(metadata, {}, Owners(3));
  kube::Metadata unnamed;
  unnamed.owner_references.resize(3);
  CHECK(metadata == unnamed);
}
