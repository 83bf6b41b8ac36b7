using HostAgent.Transport.Authorization;
using Microsoft.AspNetCore.Authorization;

namespace HostAgent.Transport.Tests.Authorization;

/// <summary>Which roles a policy allows: none unless every requirement is one of roles.</summary>
public sealed class RoleEvaluatorTests
{
    [Fact]
    public void Roles_of_service_and_method_must_both_be_met()
        => RoleEvaluator.RolesOf(Policy(policy => policy.RequireRole("operator", "viewer", "coordinator").RequireRole("viewer", "operator")))
            .ShouldBe([PeerRole.Operator, PeerRole.Viewer], ignoreOrder: true);

    [Fact]
    public void Roles_without_one_in_common_allow_nobody()
        => RoleEvaluator.RolesOf(Policy(policy => policy.RequireRole("operator").RequireRole("viewer"))).ShouldBeEmpty();

    [Fact]
    public void Requirement_of_another_kind_allows_nobody()
        => RoleEvaluator.RolesOf(Policy(policy => policy.RequireRole("operator").RequireAssertion(_ => true))).ShouldBeEmpty();

    [Fact]
    public void Fallback_policy_allows_nobody() => RoleEvaluator.RolesOf(Policy(policy => policy.RequireAssertion(_ => false))).ShouldBeEmpty();

    [Theory]
    [InlineData("Operator")]
    [InlineData("administrator")]
    public void Unknown_role_allows_nobody(string role) => RoleEvaluator.RolesOf(Policy(policy => policy.RequireRole(role))).ShouldBeEmpty();

    private static AuthorizationPolicy Policy(Func<AuthorizationPolicyBuilder, AuthorizationPolicyBuilder> require) => require(new AuthorizationPolicyBuilder()).Build();
}
