load ../support/suite
