// Redirects, TLS and limits, as a client meets them.
#include "registry/http.h"

#include "kernel/registry/hostile_client.h"
#include "os/file.h"
#include "support/files.h"

namespace sbx::registry {
namespace {

class Transfers : public HostileClient {
protected:
    // What a client without any exception from the rules says to an image behind `port`.
    std::string strictly(const std::string& port, const std::string& name = "good:1") {
        Client client = open(Routes({}, {}), with_authority());
        return layer_of(client, reference(name, port));
    }
};

TEST_F(Transfers, AskForNoEncodingAndKeepNoCookies) {
    Client client = open();
    ASSERT_EQ(layer_of(client, "good:1"), "");
    for (const Json& entry : server_.log()) {
        EXPECT_TRUE(entry["accept-encoding"].is_null());
        EXPECT_TRUE(entry["cookie"].is_null());
        EXPECT_TRUE(entry["user-agent"].as_string()->starts_with("sbx/"));
    }
}

TEST_F(Transfers, TakeBytesForWhatTheyAre) {
    Client client = open();
    EXPECT_EQ(manifest_of(client, "encoded:1"), "fetched");
}

// How many descriptors a program that is run now would get.
int inheritable_descriptors() {
    int count = 0;
    for (int fd = 0; fd < 1000; ++fd)
        if (const int flags = ::fcntl(fd, F_GETFD); flags >= 0 && (flags & FD_CLOEXEC) == 0)
            ++count;
    return count;
}

TEST_F(Transfers, AreNotInheritedByOtherPrograms) {
    const int before = inheritable_descriptors();
    Client client = open();
    ASSERT_EQ(layer_of(client, "good:1"), "");
    sink_ = {};
    ASSERT_TRUE(client.download(reference("slow:1"), *layer_, 0, sink_));
    while (sink_.bytes.empty())
        ASSERT_TRUE(poll_.wait());
    EXPECT_EQ(inheritable_descriptors(), before);
}

TEST_F(Transfers, FollowARedirect) {
    Client client = open();
    EXPECT_EQ(layer_of(client, "redirect:1"), "");
    EXPECT_TRUE(is_whole());
    EXPECT_EQ(log_of("other").size(), 1U);
}

TEST_F(Transfers, FollowTenRedirectsAndNoMore) {
    Client client = open();
    const std::string error = layer_of(client, "redirloop:1");
    EXPECT_TRUE(error.contains("more than 10 redirects, the last by '" + server_.host() + "'"));
    EXPECT_EQ(log_of("plain", "/blobs/").size(), 11U);
}

TEST_F(Transfers, FollowARedirectToHttpAlone) {
    Client client = open();
    EXPECT_TRUE(layer_of(client, "redirfile:1").contains("'file' is neither http nor https"));
    EXPECT_TRUE(layer_of(client, "redirnowhere:1").contains("redirects, but not to anywhere"));
}

TEST_F(Transfers, NeverLeaveTlsAgain) {
    EXPECT_EQ(strictly("tls", "redirtls:1"), "");
    const std::string error = strictly("tls", "redirplain:1");
    EXPECT_TRUE(error.contains("redirects from https to plain http")) << error;
    EXPECT_TRUE(log_of("plain").empty());
}

TEST_F(Transfers, BelieveTheAuthorityTheyAreGiven) { EXPECT_EQ(strictly("tls"), ""); }

TEST_F(Transfers, BelieveNoOtherAuthority) {
    Options options = patient();
    options.environment = Environment({{"SSL_CERT_FILE", server_.directory() + "/wrong.cert"}});
    Client client = open(Routes({}, {}), std::move(options));
    const std::string error = layer_of(client, reference("good:1", "tls"));
    EXPECT_TRUE(error.contains("the certificate of '" + server_.host("tls") + "' is not to be"))
        << error;
    EXPECT_TRUE(log_of("tls").empty());
}

TEST_F(Transfers, BelieveNoCertificateOfAnotherName) {
    const std::string error = strictly("tls_wrong");
    EXPECT_TRUE(error.contains("is not to be trusted")) << error;
    EXPECT_TRUE(error.contains("no alternative certificate subject name matches")) << error;
}

TEST_F(Transfers, BelieveNoCertificateThatHasExpired) {
    EXPECT_TRUE(strictly("tls_expired").contains("certificate has expired"));
}

TEST_F(Transfers, SpeakNoOldTls) {
    EXPECT_TRUE(strictly("tls_old").contains("TLS with '" + server_.host("tls_old")));
}

TEST_F(Transfers, BelieveTheAuthorityOfCertsD) {
    const test::TempFolder home;
    const std::string certs = home.at(".config/containers/certs.d/" + server_.host("tls"));
    ASSERT_TRUE(os::make_directories(certs, 0700));
    test::make_file(certs + "/ca.crt", test::bytes_of(server_.directory() + "/ca.crt"));
    Options options = patient();
    options.environment = Environment({{"HOME", home.path()}});
    Client client = open(Routes({}, {}), std::move(options));
    EXPECT_EQ(layer_of(client, reference("good:1", "tls")), "");
    const std::string error = layer_of(client, reference("good:1", "tls_other"));
    EXPECT_TRUE(error.contains("is not to be trusted")) << "the directory is one host's: " << error;
}

TEST_F(Transfers, ShowTheCertificateOfCertDir) {
    Options options = patient();
    options.certificate_directory = server_.directory() + "/client-certificates";
    test::make_folder(options.certificate_directory);
    for (const char* name : {"ca.crt", "client.cert", "client.key"})
        test::make_file(options.certificate_directory + "/" + name,
                        test::bytes_of(server_.directory() + "/" + name));
    Client client = open(Routes({}, {}), options);
    EXPECT_EQ(layer_of(client, reference("good:1", "tls_client")), "");
    EXPECT_NE(strictly("tls_client"), "") << "and without it nothing is had there";
}

TEST_F(Transfers, NeedNoCertificateWhereTlsIsNotVerified) {
    Options options = patient();
    options.tls_verify = false;
    Client client = open(Routes({}, {}), options);
    EXPECT_EQ(layer_of(client, reference("good:1", "tls_wrong")), "");
    EXPECT_EQ(layer_of(client, reference("good:1", "plain")), "");
}

TEST_F(Transfers, VerifyTlsWhereThatIsAskedForWhateverIsConfigured) {
    Options options = patient();
    options.tls_verify = true;
    Client client = open(std::move(options));
    EXPECT_TRUE(manifest_of(client, "good:1").contains("TLS with"));
}

TEST_F(Transfers, HaveALimitOnHeaders) {
    Client client = open();
    EXPECT_TRUE(manifest_of(client, "headers:1").contains("more than 65536 bytes of headers"));
}

TEST_F(Transfers, HaveALimitOnWhatIsKept) {
    Client client = open();
    EXPECT_TRUE(manifest_of(client, "huge:1").contains("sends more than 4194304 bytes"));
}

// A label has at most 63 characters (RFC 1035, 2.3.4), so no name server has to be there.
TEST_F(Transfers, TellAHostThatIsNotThere) {
    const std::string host = std::string(64, 'x') + ".invalid";
    Client client = open(Routes({}, {}), patient());
    const Result<Client::Fetched> fetched = client.manifest(*oci::Reference::parse(host + "/a"));
    ASSERT_FALSE(fetched);
    EXPECT_TRUE(fetched.error().text().ends_with("no host is called '" + host + "'"))
        << fetched.error().text();
}

TEST_F(Transfers, TellAPortThatNobodyListensAt) {
    Client client = open(Routes({}, {}), patient());
    const Result<Client::Fetched> fetched =
        client.manifest(*oci::Reference::parse("127.0.0.1:1/a"));
    ASSERT_FALSE(fetched);
    EXPECT_TRUE(fetched.error().text().ends_with("connect to '127.0.0.1:1': Connection refused"))
        << fetched.error().text();
}

}  // namespace
}  // namespace sbx::registry
