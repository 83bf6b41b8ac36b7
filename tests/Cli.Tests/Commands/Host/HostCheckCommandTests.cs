using HostAgent.Cli.Tests.Fakes;
using HostAgent.Contracts.Failback.V1;
using CheckReadinessRequest = HostAgent.Contracts.Campaigns.V1.CheckReadinessRequest;
using CheckReadinessResponse = HostAgent.Contracts.Campaigns.V1.CheckReadinessResponse;
using ListVirtualMachinesResponse = HostAgent.Contracts.Campaigns.V1.ListVirtualMachinesResponse;

namespace HostAgent.Cli.Tests.Commands.Host;

public sealed class HostCheckCommandTests : IClassFixture<FakeCoordinator>, IDisposable
{
    private const string Id = "1F0CA5B0-3D2E-4C7A-9F11-0A0B0C0D0E01";

    private readonly FakeCoordinator _coordinator;
    private readonly CommandLine _failback;
    private CheckReadinessRequest? _asked;

    public HostCheckCommandTests(FakeCoordinator coordinator)
    {
        _coordinator = coordinator;
        _failback = new CommandLine(coordinator);
        coordinator.Hosts.VirtualMachines = _ => new ListVirtualMachinesResponse
        {
            VirtualMachines = { new VirtualMachine { Name = "sql-01", Id = Id }, new VirtualMachine { Name = "web", Id = "A" }, new VirtualMachine { Name = "WEB", Id = "B" } },
        };
    }

    public void Dispose() => _failback.Dispose();

    private void Answer(bool ready, params ReadinessCheck[] checks) => _coordinator.Hosts.Check = request =>
    {
        _asked = request;
        return new CheckReadinessResponse { Ready = ready, Checks = { checks }, VirtualMachine = new VirtualMachine { Name = "sql-01", Id = Id } };
    };

    private static ReadinessCheck Passed(string id) => new() { Id = id, Passed = true, Severity = CheckSeverity.Blocking, Observed = "as it should be" };

    [Fact]
    public async Task What_stands_against_it_comes_first_with_its_remedy_and_the_worst_before_the_rest()
    {
        Answer(
            ready: false,
            Passed("VIRTUAL_MACHINE_BUSY"),
            new ReadinessCheck { Id = "CHECKPOINTS_PRESENT", Severity = CheckSeverity.Informational, Observed = "checkpoints: before update", Remedy = "Remove them." },
            new ReadinessCheck { Id = "VIRTUAL_MACHINE_NOT_OFF", Severity = CheckSeverity.Blocking, Observed = "it is Running (2)", Remedy = "Shut it down." });

        (await _failback.RunAsync("host", "check", "hv-1", "SQL-01")).ShouldBe(ExitCode.Failed);

        _asked!.Parent.ShouldBe("hosts/hv-1");
        _asked.VirtualMachineId.ShouldBe(Id);
        _failback.OutputLines.Select(line => line.TrimEnd()).ShouldBe(
        [
            $"sql-01 ({Id}) is not ready.",
            "BLOCKING  VIRTUAL_MACHINE_NOT_OFF",
            "  it is Running (2)",
            "  Shut it down.",
            "INFORMATIONAL  CHECKPOINTS_PRESENT",
            "  checkpoints: before update",
            "  Remove them.",
            "PASSED                SEEN",
            "VIRTUAL_MACHINE_BUSY  as it should be",
        ]);
    }

    [Fact]
    public async Task A_machine_of_which_something_asks_is_ready_and_the_question_is_told()
    {
        Answer(ready: true, new ReadinessCheck { Id = "RUNNING_AT_PRIMARY_SITE", Severity = CheckSeverity.Overridable, Observed = "it runs on hv-9 too.", Remedy = "Turn it off there." });

        (await _failback.RunAsync("host", "check", "hv-1", Id.ToLowerInvariant())).ShouldBe(ExitCode.Success, _failback.Error);

        _asked!.VirtualMachineId.ShouldBe(Id);
        _failback.OutputLines[0].ShouldBe($"sql-01 ({Id}) is ready once a campaign accepts the overridable checks below in readiness.ignore.");
    }

    [Fact]
    public async Task A_name_that_no_machine_has_is_named()
    {
        (await _failback.RunAsync("host", "check", "hv-1", "sql-99")).ShouldBe(ExitCode.Failed);
        _failback.Error.ShouldContain("hosts/hv-1 has no virtual machine named sql-99: \"failback host vms\" lists those that it has.");
    }

    [Fact]
    public async Task A_name_that_several_have_asks_for_the_id()
    {
        (await _failback.RunAsync("host", "check", "hv-1", "web")).ShouldBe(ExitCode.Invalid);
        _failback.Error.ShouldContain("hosts/hv-1 has 2 virtual machines named web: name one by its GUID: A, B.");
    }
}
