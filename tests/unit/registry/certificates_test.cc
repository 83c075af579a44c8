#include "registry/certificates.h"

#include <gtest/gtest.h>

#include "os/file.h"
#include "support/files.h"

namespace sbx::registry {
namespace {

// A home with a certs.d, and a bundle of the machine's.
class CertsD : public testing::Test {
protected:
    void SetUp() override {
        ASSERT_TRUE(os::make_directories(directory_, 0700));
        test::make_file(home_.at("bundle"), "machine");
    }

    test::TempFolder home_;
    std::string directory_ = home_.at(".config/containers/certs.d/r.example:5000");
    CertificateFinder finder_{
        Environment({{"HOME", home_.path()}, {"SSL_CERT_FILE", home_.at("bundle")}})};
};

TEST_F(CertsD, AddsAuthoritiesToTheMachinesForItsHostAlone) {
    test::make_file(directory_ + "/b.crt", "second");
    test::make_file(directory_ + "/a.crt", "first");
    const Result<Certificates> found = finder_.find("r.example:5000", "");
    ASSERT_TRUE(found) << found.error().text();
    EXPECT_EQ(found->authorities, "machine\nfirst\nsecond\n");
    const Result<Certificates> other = finder_.find("r.example", "");
    ASSERT_TRUE(other);
    EXPECT_EQ(other->authorities, "");
    EXPECT_EQ(other->bundle, home_.at("bundle"));
}

TEST_F(CertsD, HasAKeyForItsCertificate) {
    test::make_file(directory_ + "/me.cert");
    const Result<Certificates> without = finder_.find("r.example:5000", "");
    ASSERT_FALSE(without);
    EXPECT_TRUE(without.error().text().contains("me.cert' has no key")) << without.error().text();
    test::make_file(directory_ + "/me.key");
    const Result<Certificates> found = finder_.find("r.example:5000", "");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->certificate, directory_ + "/me.cert");
    EXPECT_EQ(found->key, directory_ + "/me.key");
}

TEST_F(CertsD, GivesWayToTheOneThatIsNamed) {
    test::make_file(directory_ + "/a.crt", "of certs.d");
    test::make_folder(home_.at("named"));
    test::make_file(home_.at("named/a.crt"), "named");
    EXPECT_EQ(finder_.find("r.example:5000", home_.at("named"))->authorities, "machine\nnamed\n");
    EXPECT_FALSE(finder_.find("r.example:5000", home_.at("none")));
}

TEST(Certificates, AreTheMachines) {
    const Result<Certificates> found = CertificateFinder(Environment()).find("h", "");
    ASSERT_TRUE(found);
    EXPECT_NE(found->bundle + found->directory, "");
    EXPECT_EQ(CertificateFinder(Environment({{"SSL_CERT_DIR", "/d"}})).find("h", "")->directory,
              "/d");
}

TEST(CertificateDirectories, BeginWithThePersons) {
    EXPECT_EQ(certificate_directories(Environment({{"HOME", "/h"}})).front(),
              "/h/.config/containers/certs.d");
    EXPECT_EQ(certificate_directories(Environment()).size(), 2U);
}

}  // namespace
}  // namespace sbx::registry
