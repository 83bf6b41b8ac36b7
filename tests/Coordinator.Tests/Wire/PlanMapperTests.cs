using System.Globalization;
using HostAgent.Campaigns;
using HostAgent.Campaigns.Planning;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.Coordinator.Wire;

namespace HostAgent.Coordinator.Tests.Wire;

public sealed class PlanMapperTests
{
    private const int MaxMessageBytes = 4 * 1024 * 1024;

    [Fact]
    public void A_plan_of_a_hundred_thousand_items_that_wait_for_a_thousand_fits_into_one_message_and_counts_what_it_leaves_out()
    {
        var message = PlanMapper.ToMessage(Plan(hosts: 10_000, machines: 10, "dependencies: [{item: {vm: app-*}, after: {vm: sql-*}}]"));

        message.CalculateSize().ShouldBeLessThan(MaxMessageBytes);
        (message.ItemCount, message.HostCount).ShouldBe((100_000, 10_000));
        message.Items.Count.ShouldBeInRange(2_000, 99_999);
        message.Items.ShouldAllBe(item => item.AfterItemIds.Count <= 20 && item.OtherHost.Length == 0);
        message.PeakCount.ShouldBe(10_000);
        message.Peaks.Count.ShouldBeInRange(1_000, 9_999);
    }

    [Fact]
    public void Warnings_and_refusals_of_a_whole_estate_are_bounded_and_counted()
    {
        var warnings = Enumerable.Range(0, 10_000).Select(host => new PlanWarning(PlanWarningKind.HostUnreachable, string.Create(CultureInfo.InvariantCulture, $"Host hv-{host} could not be asked: {new string('x', 200)}"))).ToList();
        var refused = Enumerable.Range(0, 50_000).Select(index => new RefusedItem("hv-1", Guid.NewGuid(), string.Create(CultureInfo.InvariantCulture, $"vm-{index}"), "it is running")).ToList();
        var problem = new PlanProblem(PlanProblemKind.NoItems, "spec.targets", "The campaign has no items.");

        var message = PlanMapper.ToMessage(new PlanResult(new CampaignPlan([], [], [], refused, [], warnings), [problem]));

        message.CalculateSize().ShouldBeLessThan(MaxMessageBytes);
        (message.RefusedCount, message.WarningCount).ShouldBe((50_000, 10_001));
        message.Refused.Count.ShouldBeInRange(1_000, 49_999);
        message.Warnings[0].Message.ShouldBe("The campaign has no items.", "why there is no plan comes before what else is worth knowing");
    }

    [Fact]
    public void A_small_plan_is_whole()
    {
        var message = PlanMapper.ToMessage(Plan(hosts: 2, machines: 3, "dependencies: [{item: {vm: app-*}, after: {vm: sql-*}}]"));

        (message.Items.Count, message.ItemCount, message.Peaks.Count, message.PeakCount).ShouldBe((6, 6, 2, 2));
        message.Items.Where(item => item.VirtualMachineName.StartsWith("app-", StringComparison.Ordinal)).ShouldAllBe(item => item.AfterCount == 2 && item.AfterItemIds.Count == 2);
    }

    /// <summary>On each host one machine sql-… and otherwise machines app-….</summary>
    private static PlanResult Plan(int hosts, int machines, string spec)
    {
        var estate = new EstateView([.. Enumerable.Range(0, hosts).Select(host => new EstateHost
        {
            Name = string.Create(CultureInfo.InvariantCulture, $"hv-west-{host:00000}"),
            Site = "west",
            PrimarySite = "east",
            VirtualMachines = [.. Enumerable.Range(0, machines).Select(machine => new EstateVirtualMachine
            {
                Id = new Guid(host, (short)machine, 0, 0, 0, 0, 0, 0, 0, 0, 1),
                Name = string.Create(CultureInfo.InvariantCulture, $"{(machine == 0 && host < 1000 ? "sql" : "app")}-{host}-{machine}"),
                DiskBytes = 100L << 30,
            })],
        })]);
        var parsed = CampaignDocument.Parse(Yaml.Campaign(spec: [spec]), "test.yaml").Require();
        return CampaignPlanner.Plan(parsed, estate);
    }
}
