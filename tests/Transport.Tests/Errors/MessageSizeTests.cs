using Grpc.Core;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Transport.Tests.Fixtures;

namespace HostAgent.Transport.Tests.Errors;

public sealed class MessageSizeTests : IDisposable
{
    private readonly Pki _pki = new();

    [Fact]
    public async Task Request_over_four_mebibytes_is_resource_exhausted()
    {
        await using var server = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-01"));
        var client = server.Client(_pki.Identity(PeerRole.Operator, "ana"));
        using var call = client.InitiateFailback(new InitiateFailbackRequest { ReplicationSettingData = new string('x', EdgeLimits.MaxMessageBytes) }, deadline: Calls.Deadline);

        var ending = await Should.ThrowAsync<RpcException>(() => call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));

        ending.StatusCode.ShouldBe(StatusCode.ResourceExhausted);
    }

    [Fact]
    public async Task Answer_over_four_mebibytes_is_resource_exhausted()
    {
        var service = new ScriptedFailback { OnGetHost = _ => Task.FromResult(new Host { Name = new string('x', EdgeLimits.MaxMessageBytes) }) };
        await using var server = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-01"), service);

        var failure = await server.Client(_pki.Identity(PeerRole.Viewer, "eve")).FailGetHostAsync();

        failure.StatusCode.ShouldBe(StatusCode.ResourceExhausted);
    }

    [Fact]
    public async Task Messages_just_below_the_limit_pass()
    {
        var name = new string('x', EdgeLimits.MaxMessageBytes - 100);
        var service = new ScriptedFailback { OnGetHost = _ => Task.FromResult(new Host { Name = name }) };
        await using var server = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-01"), service);

        var host = await server.Client(_pki.Identity(PeerRole.Viewer, "eve")).GetHostAsync(new GetHostRequest(), deadline: Calls.Deadline);

        host.Name.Length.ShouldBe(name.Length);
    }

    public void Dispose() => _pki.Dispose();
}
