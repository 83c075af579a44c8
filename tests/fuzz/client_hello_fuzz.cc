#include "network/client_hello.h"
#include "spoken_fuzz.h"

void sbx::fuzz::one(std::string_view text) { judge_alike(text, network::name_in_client_hello); }
