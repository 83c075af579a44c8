#include "fuzz.h"

#include "base/text.h"
#include "oci/reference.h"

void sbx::fuzz::one(std::string_view text) {
    const Result<oci::Reference> reference = oci::Reference::parse(text);
    if (!reference) return must(printable(reference.error().text()) == reference.error().text());
    must(*oci::Reference::parse(reference->text()) == *reference);
    must(*oci::Reference::parse(reference->familiar()) == *reference);
    must(!reference->repository().contains(".."));
}
