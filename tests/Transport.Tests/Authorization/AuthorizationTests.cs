using Grpc.Core;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Transport.Tests.Fixtures;

namespace HostAgent.Transport.Tests.Authorization;

public sealed class AuthorizationTests : IDisposable
{
    private readonly Pki _pki = new();

    public static TheoryData<PeerRole, string, bool> RolesAndMethods { get; } = new()
    {
        { PeerRole.Agent, "GetHost", false },
        { PeerRole.Agent, "CheckReadiness", false },
        { PeerRole.Agent, "InitiateFailback", false },
        { PeerRole.Coordinator, "GetHost", true },
        { PeerRole.Coordinator, "CheckReadiness", true },
        { PeerRole.Coordinator, "InitiateFailback", true },
        { PeerRole.Operator, "GetHost", true },
        { PeerRole.Operator, "CheckReadiness", false },
        { PeerRole.Operator, "InitiateFailback", true },
        { PeerRole.Viewer, "GetHost", true },
        { PeerRole.Viewer, "CheckReadiness", false },
        { PeerRole.Viewer, "InitiateFailback", false },
    };

    [Theory]
    [MemberData(nameof(RolesAndMethods))]
    public async Task Call_by_each_role_is_allowed_or_denied_by_the_roles_of_its_method(PeerRole role, string method, bool allowed)
    {
        await using var server = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-01"));
        var client = server.Client(_pki.Identity(role, "caller"));

        if (allowed)
        {
            await CallAsync(client, method);
            return;
        }

        var failure = RpcFailure.From(await Should.ThrowAsync<RpcException>(() => CallAsync(client, method)));
        failure.StatusCode.ShouldBe(StatusCode.PermissionDenied);
        failure.Domain.ShouldBe(RpcFailure.ProductDomain);
        failure.Reason.ShouldBe("ROLE_NOT_ALLOWED");
        failure.Metadata["role"].ShouldBe(role.ToString().ToLowerInvariant());
        failure.Metadata["method"].ShouldBe($"/hyperv.failback.v1.Failback/{method}");
        failure.Message.ShouldContain($"failback://{role.ToString().ToLowerInvariant()}/caller");
        server.Log.Lines.ShouldContain(line => line.EventId == 4002 && line.Message.Contains(method, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(PeerRole.Agent)]
    [InlineData(PeerRole.Coordinator)]
    [InlineData(PeerRole.Operator)]
    [InlineData(PeerRole.Viewer)]
    public async Task Call_of_a_method_without_roles_is_denied_to_everybody(PeerRole role)
    {
        var service = new ScriptedFailback();
        await using var server = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-01"), service);
        var client = server.Client(_pki.Identity(role, "caller"));

        var failure = RpcFailure.From(await Should.ThrowAsync<RpcException>(async ()
            => await client.CancelFailbackAsync(new CancelFailbackRequest(), deadline: Calls.Deadline)));

        failure.StatusCode.ShouldBe(StatusCode.PermissionDenied);
        failure.Reason.ShouldBe("METHOD_NOT_ALLOWED");
        failure.Metadata["method"].ShouldBe("/hyperv.failback.v1.Failback/CancelFailback");
        service.Cancellations.ShouldBe(0);
    }

    [Fact]
    public async Task GetPeer_tells_the_service_who_calls()
    {
        PeerIdentity? seen = null;
        var service = new ScriptedFailback
        {
            OnGetHost = context =>
            {
                seen = context.GetPeer();
                return Task.FromResult(new Host());
            },
        };
        await using var server = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-01"), service);

        await server.Client(_pki.Identity(PeerRole.Operator, "ana@dr.example")).GetHostAsync(new GetHostRequest(), deadline: Calls.Deadline);

        seen.ShouldNotBeNull().Actor.ShouldStartWith("failback://operator/ana@dr.example#serial=");
    }

    [Theory]
    [InlineData(PeerRole.Agent)]
    [InlineData(PeerRole.Coordinator)]
    [InlineData(PeerRole.Operator)]
    [InlineData(PeerRole.Viewer)]
    public async Task Call_of_a_method_that_the_service_does_not_implement_is_denied_to_everybody(PeerRole role)
    {
        await using var server = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-01"));
        var client = server.Client(_pki.Identity(role, "caller"));

        var failure = RpcFailure.From(await Should.ThrowAsync<RpcException>(async ()
            => await client.GetFailbackAsync(new GetFailbackRequest(), deadline: Calls.Deadline)));

        (failure.StatusCode, failure.Reason).ShouldBe((StatusCode.PermissionDenied, "METHOD_NOT_ALLOWED"));
    }

    [Fact]
    public void An_attribute_without_a_role_is_refused()
        => Should.Throw<ArgumentException>(() => new AuthorizeRolesAttribute()).Message.ShouldContain("At least one role is required");

    [Fact]
    public void A_limit_below_one_call_is_refused()
        => Should.Throw<ArgumentOutOfRangeException>(() => new MaxConcurrentCallsAttribute(0));

    public void Dispose() => _pki.Dispose();

    private static async Task CallAsync(Failback.FailbackClient client, string method)
    {
        switch (method)
        {
            case "GetHost":
                await client.GetHostAsync(new GetHostRequest(), deadline: Calls.Deadline);
                break;
            case "CheckReadiness":
                await client.CheckReadinessAsync(new CheckReadinessRequest(), deadline: Calls.Deadline);
                break;
            case "InitiateFailback":
                using (var call = client.InitiateFailback(new InitiateFailbackRequest(), deadline: Calls.Deadline))
                {
                    (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken)).ShouldBeFalse();
                }

                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(method), method, "not a method of this test");
        }
    }
}
