using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Tests.Services;

public sealed class HostsServiceTests : CoordinatorTest
{
    public override async ValueTask InitializeAsync()
    {
        await AddAgentAsync("hv-west-02", "sql-02");
        await AddAgentAsync("hv-west-01", "sql-01", "web-01");
        await StartCoordinatorAsync();
    }

    [Fact]
    public async Task List_shows_the_inventory_by_name_in_pages()
    {
        var first = await Coordinator.Hosts.ListHostsAsync(new ListHostsRequest { PageSize = 1 });
        var second = await Coordinator.Hosts.ListHostsAsync(new ListHostsRequest { PageSize = 1, PageToken = first.NextPageToken });

        first.Hosts.ShouldHaveSingleItem().Name.ShouldBe("hosts/hv-west-01");
        first.Hosts[0].Site.ShouldBe("west");
        first.Hosts[0].Labels["rack"].ShouldBe("r1");
        second.Hosts.ShouldHaveSingleItem().Name.ShouldBe("hosts/hv-west-02");
        second.NextPageToken.ShouldBeEmpty();
    }

    [Fact]
    public async Task Get_asks_the_host_and_shows_what_it_says()
    {
        var host = await Coordinator.Hosts.GetHostAsync(new GetHostRequest { Name = "hosts/hv-west-01" });

        host.Reachability.ShouldBe(Reachability.Reachable);
        host.SinceTime.ShouldNotBeNull();
        host.Agent.Name.ShouldBe("hv-west-01");
    }

    [Fact]
    public async Task Get_of_a_host_that_is_down_is_no_error_and_says_why()
    {
        await Agents[1].StopAsync();

        var host = await Coordinator.Hosts.GetHostAsync(new GetHostRequest { Name = "hosts/hv-west-01" });

        host.Reachability.ShouldBe(Reachability.Unreachable);
        host.UnreachableReason.ShouldContain("refused");
    }

    [Fact]
    public async Task The_machines_of_a_host_come_from_the_host()
    {
        var page = await Coordinator.Hosts.ListVirtualMachinesAsync(new ListVirtualMachinesRequest { Parent = "hosts/hv-west-01" });

        page.VirtualMachines.Select(machine => machine.Name).ShouldBe(["sql-01", "web-01"]);
    }

    [Fact]
    public async Task The_machines_of_a_host_that_is_down_are_unavailable_with_host_address_and_cause()
    {
        await Agents[1].StopAsync();

        var failure = RpcFailure.From(await Should.ThrowAsync<RpcException>(() => Coordinator.Hosts.ListVirtualMachinesAsync(new ListVirtualMachinesRequest { Parent = "hosts/hv-west-01" }).ResponseAsync));

        (failure.StatusCode, failure.Domain, failure.Reason).ShouldBe((StatusCode.Unavailable, "campaigns.hyperv", "HOST_UNREACHABLE"));
        failure.Metadata["host"].ShouldBe("hv-west-01");
        failure.Metadata["address"].ShouldBe(Agents[1].Address);
        failure.Metadata["cause"].ShouldBe("CONNECTION_REFUSED");
    }

    [Fact]
    public async Task An_unknown_host_is_not_found()
    {
        var failure = RpcFailure.From(await Should.ThrowAsync<RpcException>(() => Coordinator.Hosts.GetHostAsync(new GetHostRequest { Name = "hosts/none" }).ResponseAsync));

        (failure.StatusCode, failure.Reason).ShouldBe((StatusCode.NotFound, "HOST_NOT_FOUND"));
    }
}
