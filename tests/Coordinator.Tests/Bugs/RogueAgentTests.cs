using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Coordinator.Tests.Support;
using ListVirtualMachinesRequest = HostAgent.Contracts.Failback.V1.ListVirtualMachinesRequest;
using ListVirtualMachinesResponse = HostAgent.Contracts.Failback.V1.ListVirtualMachinesResponse;

namespace HostAgent.Coordinator.Tests.Bugs;

/// <summary>An agent with a good certificate that is broken, or was taken over: it harms nothing but its own host, which is named.</summary>
public sealed class RogueAgentTests : CoordinatorTest
{
    public static TheoryData<string> Lies => [.. Answers.Keys];

    private static readonly Dictionary<string, Func<ListVirtualMachinesRequest, ListVirtualMachinesResponse>> Answers = new()
    {
        ["an id that is no GUID"] = _ => new() { VirtualMachines = { new VirtualMachine { Id = "not-a-guid", Name = "x", Eligible = true } } },
        ["an empty name"] = _ => new() { VirtualMachines = { new VirtualMachine { Id = Guid.NewGuid().ToString("D"), Eligible = true } } },
        ["a name of a megabyte"] = _ => new() { VirtualMachines = { new VirtualMachine { Id = Guid.NewGuid().ToString("D"), Name = new string('x', 1 << 20), Eligible = true } } },
        ["disks of less than nothing"] = _ => new() { VirtualMachines = { new VirtualMachine { Id = Guid.NewGuid().ToString("D"), Name = "x", Eligible = true, DiskBytes = -1 } } },
        ["one machine twice"] = _ => new() { VirtualMachines = { new VirtualMachine { Id = Guid.Empty.ToString("D").Replace('0', 'a'), Name = "x" }, new VirtualMachine { Id = Guid.Empty.ToString("D").Replace('0', 'a'), Name = "y" } } },
        ["the same page for ever"] = request => new() { VirtualMachines = { new VirtualMachine { Id = Guid.NewGuid().ToString("D"), Name = "x" } }, NextPageToken = "again" },
        ["empty pages for ever"] = _ => new() { NextPageToken = Guid.NewGuid().ToString() },
        ["new machines for ever"] = _ => new() { VirtualMachines = { Enumerable.Range(0, 500).Select(_ => new VirtualMachine { Id = Guid.NewGuid().ToString("D"), Name = "x" }) }, NextPageToken = Guid.NewGuid().ToString() },
        ["a gigabyte of names"] = _ => new() { VirtualMachines = { Enumerable.Range(0, 1000).Select(_ => new VirtualMachine { Id = Guid.NewGuid().ToString("D"), Name = new string('x', 1000) }) }, NextPageToken = Guid.NewGuid().ToString() },
    };

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task Nonsense_of_one_agent_names_its_host_and_the_others_are_planned(string lie)
    {
        await AddAgentAsync("hv-west-01", "vm-1", "vm-2");
        var rogue = await AddAgentAsync("hv-west-02", "vm-3");
        rogue.Lies = Answers[lie];
        await StartCoordinatorAsync();

        var plan = await Coordinator.Campaigns.PlanCampaignAsync(new PlanCampaignRequest { Document = new CampaignDocument { Text = Yaml.Campaign() } });

        plan.Items.Select(item => item.Host).Distinct().ShouldBe(["hv-west-01"]);
        var warning = plan.Warnings.ShouldHaveSingleItem();
        warning.Kind.ShouldBe(PlanWarningKind.HostUnreachable);
        warning.Message.ShouldContain("host hv-west-02 sent an invalid answer");
        rogue.Lists.ShouldBeLessThan(40, "it is asked for no more than could be true");
    }

    [Fact]
    public async Task Endless_list_of_the_other_side_ends_by_itself_and_hides_no_machine()
    {
        await AddAgentAsync("hv-west-01", "vm-1");
        var rogue = await AddAgentAsync("hv-east-01");
        rogue.Lies = Answers["new machines for ever"];
        await StartCoordinatorAsync();

        var plan = await Coordinator.Campaigns.PlanCampaignAsync(new PlanCampaignRequest { Document = new CampaignDocument { Text = Yaml.Campaign() } });

        plan.ItemCount.ShouldBe(1);
        rogue.Lists.ShouldBeLessThan(40);
    }
}
