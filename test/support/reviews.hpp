#pragma once
#include "webhook/judge.hpp"

/// A ValkeyCluster as an API server stores it, with this spec, and more if need be.
json::object cluster_object(std::string_view spec, std::string_view status = "{}");

/// A ValkeyUpgrade alike.
json::object upgrade_object(std::string_view spec);

/// The same as a review of an API server; null for what there is none of.
json::object cluster_review(json::value const& before, json::value const& after);
json::object upgrade_review(json::value const& before, json::value const& after);
json::object scale_review(std::int64_t before, std::int64_t after);

/// As bytes, read again.
webhook::Request request_of(json::object const& review);

/// What is said of a cluster that is created, or changed, or deleted: "denied spec.shards: …" or
/// "warned spec.shards: …", a line each; by the policies of that name, or by all.
std::vector<std::string> said(json::object const& review, std::string_view policy = "");

std::vector<std::string> said_of_creation(std::string_view spec, std::string_view policy = "");
std::vector<std::string> said_of_change(std::string_view before, std::string_view after,
                                        std::string_view policy = "");
