using Grpc.Core;
using HostAgent.Agent.Tests.Support;
using HostAgent.Contracts.Failback.V1;
using HostAgent.HyperV.VirtualMachines;
using HostAgent.Transport;

namespace HostAgent.Agent.Tests.Service;

/// <summary>What a host tells about itself and one machine before a return between two hosts.</summary>
public sealed class GetHomeFactsTests
{
    [Fact]
    public async Task Host_tells_about_itself_and_the_machine()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)) with { Switches = ["lan", "vSwitch"], MemoryMegabytes = 65_536 });

        var facts = await ReadAsync(agent, Stage.Id(1).ToString());

        facts.VirtualMachineId.ShouldBe(Stage.Id(1).ToString());
        (facts.Clock.ToDateTimeOffset() - DateTimeOffset.UtcNow).Duration().ShouldBeLessThan(TimeSpan.FromMinutes(1));
        facts.ReplicaServer.Enabled.ShouldBeTrue();
        facts.Switches.Items.ShouldBe(["lan", "vSwitch"]);
        facts.FreeMemoryBytes.ShouldBeInRange(1, 65_536L << 20);
        facts.Volumes.Items.ShouldNotBeEmpty();
        (facts.Machine.Name, facts.Machine.EnabledState, facts.Machine.StartupMemoryBytes).ShouldBe((Stage.Machine(1).Name, (int)EnabledState.Off, 4096L << 20));
        facts.Machine.Adapters.Items.ShouldHaveSingleItem().Switch.ShouldBe("vSwitch");
        facts.Machine.Disks.Items.ShouldHaveSingleItem().Replicated.ShouldBeTrue();
    }

    [Fact]
    public async Task Host_without_the_machine_tells_about_itself()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)));

        var facts = await ReadAsync(agent, Stage.Id(9).ToString());

        (facts.Machine, facts.ReplicaServer.Enabled, facts.Connection).ShouldBe((null, true, null));
    }

    [Fact]
    public async Task Everything_that_is_wrong_with_a_request_is_named_at_once()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)));

        var refused = RpcFailure.From(await Should.ThrowAsync<RpcException>(() => ReadAsync(agent, "sql-01", new PeerConnection { AuthenticationType = AuthenticationType.Certificate })));

        refused.Reason.ShouldBe("INVALID_REQUEST");
        refused.FieldViolations.Select(violation => violation.Field).ShouldBe(["virtual_machine_id", "peer.connection_point", "peer.port", "peer.certificate_thumbprint"]);
    }

    [Fact]
    public async Task Connection_that_the_caller_names_is_the_one_that_is_tested()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)));

        var facts = await ReadAsync(
            agent, Stage.Id(1).ToString(), new PeerConnection { ConnectionPoint = "hv-east-01.example.com", Port = 8443, AuthenticationType = AuthenticationType.Kerberos });

        (facts.Connection.Target, facts.Connection.Port).ShouldBe(("hv-east-01.example.com:8443", 8443));
    }

    private static async Task<HomeFacts> ReadAsync(AgentUnderTest agent, string machine, PeerConnection? peer = null)
        => await agent.Steps.GetHomeFactsAsync(new GetHomeFactsRequest { VirtualMachineId = machine, Peer = peer });
}
