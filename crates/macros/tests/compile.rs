//! What does not compile says so at the token that is wrong; what does, gives no warning.

#[test]
fn errors_stand_at_the_users_token() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/*.rs");
    cases.pass("tests/ui/quiet/*.rs");
}
