#include "fuzz.h"

#include "network/dns.h"

using namespace sbx::network;

void sbx::fuzz::one(std::string_view text) {
    (void)reversed(text);
    const std::optional<Question> question = parse_question(text);
    if (!question) return;
    must(question->name.size() < 256 && text.contains(question->section));
    const Address addresses[] = {Address::known("10.89.0.2"), Address::known("fd00::2")};
    const std::string answer = answer_to(*question, Outcome::known, addresses);
    must(answer.size() <= 512 && answer.substr(0, 2) == text.substr(0, 2));
    must(!parse_question(answer));  // two servers would answer each other for ever
    must(pointer_to(*question, "db").contains(question->section));
    (void)reversed(question->name);
}
