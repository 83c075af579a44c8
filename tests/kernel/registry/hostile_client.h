// A client that talks to the registry that misbehaves, and a shorthand for what tests ask of it.
#pragma once

#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "registry/client.h"
#include "support/memory_sink.h"
#include "support/registries.h"

namespace sbx::registry {

class HostileClient : public testing::Test {
protected:
    void SetUp() override { server_.forget(); }

    // A client for which every port may be spoken to in plain http.
    Client open(Options options = patient()) {
        RegistrySettingsByHost settings;
        for (const char* port : {"plain", "other"})
            settings[server_.host(port)].insecure = true;
        return open(Routes({}, settings), std::move(options));
    }
    Client open(Routes routes, Options options) {
        Result<Client> client = Client::open(poll_, std::move(routes), std::move(options));
        EXPECT_TRUE(client) << client.error().text();
        return *std::move(client);
    }

    // Nothing of the machine the test runs on, and no long waits.
    static Options patient() {
        return {.retry_delay = std::chrono::milliseconds(2), .environment = {}};
    }
    static Options with_password() {
        Options options = patient();
        options.credentials = Credentials{.user = "bob", .password = "s3cret"};
        return options;
    }
    // TLS with the authority that the server made.
    Options with_authority() const {
        Options options = patient();
        options.environment = Environment({{"SSL_CERT_FILE", server_.directory() + "/ca.crt"}});
        return options;
    }

    oci::Reference reference(const std::string& name, const std::string& port = "plain") const {
        return *oci::Reference::parse(server_.host(port) + "/" + name);
    }

    // The words of the error, or the bytes' number: "3000000 bytes".
    std::string manifest_of(Client& client, const std::string& name) {
        const Result<Client::Fetched> fetched = client.manifest(reference(name));
        return fetched ? "fetched" : fetched.error().text();
    }

    // Brings the one layer of the image into `sink_`; "" or the words of the error.
    std::string layer_of(Client& client, const oci::Reference& image) {
        const Result<Client::Fetched> fetched = client.manifest(image);
        if (!fetched) return fetched.error().text();
        const auto manifest = oci::parse_manifest(fetched->bytes, fetched->media_type);
        layer_ = std::get<oci::Manifest>(*manifest).layers.front();
        sink_ = {};
        const Result<> started = client.download(image, *layer_, 0, sink_);
        return started ? sink_.wait(poll_) : started.error().text();
    }
    std::string layer_of(Client& client, const std::string& name) {
        return layer_of(client, reference(name));
    }
    bool is_whole() const { return oci::Digest::of(sink_.bytes) == layer_->digest; }

    // The log's entries of one port, and those of them whose path holds `part`.
    std::vector<Json> log_of(const std::string& port, std::string_view part = "") const {
        std::vector<Json> entries;
        for (const Json& entry : server_.log())
            if (*entry["port"].as_string() == port && entry["path"].as_string()->contains(part))
                entries.push_back(entry);
        return entries;
    }

    test::HostileRegistry& server_ = test::HostileRegistry::instance();
    os::Poll poll_;
    test::MemorySink sink_;
    std::optional<oci::Descriptor> layer_;
};

}  // namespace sbx::registry
