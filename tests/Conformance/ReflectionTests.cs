using HostAgent.Conformance.Peers;
using HostAgent.Conformance.Product;

namespace HostAgent.Conformance;

/// <summary>A client of another language that has none of our contracts finds and calls the product's services, over mutual TLS.</summary>
public sealed class ReflectionTests(SimulatedSite site) : IClassFixture<SimulatedSite>
{
    [Fact]
    public async Task Generic_client_finds_the_agents_services_and_methods()
    {
        var services = await (await ClientAsync()).ListAsync(site.Agent);

        services["hyperv.failback.v1.Failback"].ShouldBe(Contracts.Failback.V1.Failback.Descriptor.Methods.Select(method => method.Name).Order(StringComparer.Ordinal));
        services["grpc.health.v1.Health"].ShouldContain("Watch");
        services.ShouldContainKey("grpc.reflection.v1.ServerReflection");
    }

    [Fact]
    public async Task Generic_client_finds_the_coordinators_services_and_methods()
    {
        var services = await (await ClientAsync()).ListAsync(site.Coordinator);

        services["hyperv.campaigns.v1.Campaigns"].ShouldBe(Contracts.Campaigns.V1.Campaigns.Descriptor.Methods.Select(method => method.Name).Order(StringComparer.Ordinal));
        services["hyperv.campaigns.v1.Hosts"].ShouldContain("ListHosts");
        services["grpc.health.v1.Health"].ShouldContain("Check");
    }

    [Fact]
    public async Task Generic_client_takes_a_machine_back_and_follows_it_to_its_end()
    {
        var client = await ClientAsync();

        var (hosts, _) = await client.CallAsync(site.Agent, "hyperv.failback.v1.Failback/GetHost", new { });
        var (pages, _) = await client.CallAsync(site.Agent, "hyperv.failback.v1.Failback/ListVirtualMachines", new { });
        var machines = pages.Single().GetProperty("virtual_machines").EnumerateArray().ToList();
        var (progress, status) = await client.CallAsync(
            site.Agent, "hyperv.failback.v1.Failback/InitiateFailback", new { operation_id = Guid.NewGuid().ToString(), virtual_machine_id = machines[0].GetProperty("id").GetString() });

        hosts.Single().GetProperty("name").GetString().ShouldBe(site.HostName);
        machines.Select(machine => machine.GetProperty("name").GetString()).ShouldBe(site.MachineNames, ignoreOrder: true);
        status.ShouldBe("OK");
        progress[0].GetProperty("kind").GetString().ShouldBe("PROGRESS_KIND_ACCEPTED");
        progress[^1].GetProperty("state").GetString().ShouldBe("OPERATION_STATE_SUCCEEDED");
    }

    [Fact]
    public async Task Generic_client_sees_the_coordinators_hosts()
    {
        var (answers, status) = await (await ClientAsync()).CallAsync(site.Coordinator, "hyperv.campaigns.v1.Hosts/ListHosts", new { });

        status.ShouldBe("OK");
        answers.Single().GetProperty("hosts").EnumerateArray().Select(host => host.GetProperty("name").GetString()).ShouldBe([$"hosts/{site.HostName}"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Health_is_serving_for_another_languages_check_and_watch(bool agent)
    {
        var client = await ClientAsync();
        var server = agent ? site.Agent : site.Coordinator;

        var (check, checkStatus) = await client.CallAsync(server, "grpc.health.v1.Health/Check", new { });
        var (watch, watchStatus) = await client.CallAsync(server, "grpc.health.v1.Health/Watch", new { }, take: 1);

        (check.Single().GetProperty("status").GetString(), checkStatus).ShouldBe(("SERVING", "OK"));
        (watch.Single().GetProperty("status").GetString(), watchStatus).ShouldBe(("SERVING", "CANCELLED"));
    }

    private async Task<GenericClient> ClientAsync()
    {
        var node = await PeerPrograms.FindAsync(PeerKind.Node);
        Assert.SkipWhen(node.Missing is not null, node.Missing ?? "");
        return new GenericClient(node, site.Operator);
    }
}
