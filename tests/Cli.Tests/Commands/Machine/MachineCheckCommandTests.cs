using Grpc.Core;
using HostAgent.Cli.Tests.Fakes;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Transport;

namespace HostAgent.Cli.Tests.Commands.Machine;

/// <summary>The checks before a machine comes home, shown and accepted on a command line.</summary>
public sealed class MachineCheckCommandTests : IClassFixture<FakeCoordinator>, IDisposable
{
    private const string Name = "returns/1f0ca5b0-3d2e-4c7a-9f11-0a0b0c0d0e01";

    private static readonly ReadinessCheck Memory = new() { Id = "HOME_MEMORY_LOW", Severity = CheckSeverity.Overridable, Observed = "1 GiB is free", Remedy = "Free some." };
    private static readonly ReadinessCheck Version = new() { Id = "CONFIGURATION_VERSION_NOT_SUPPORTED", Severity = CheckSeverity.Blocking, Observed = "it is 10.0", Remedy = "Update home." };

    private readonly FakeReturns _returns;
    private readonly CommandLine _failback;
    private readonly List<ApproveReturnRequest> _approved = [];

    public MachineCheckCommandTests(FakeCoordinator coordinator)
    {
        _returns = coordinator.Returns;
        _failback = new CommandLine(coordinator);
        _returns.Shown = () => new Return
        {
            Name = Name,
            VirtualMachineName = "sql-01",
            Running = true,
            Recovery = new SideState { Host = "hv-west-01" },
            Home = new SideState { Host = "hv-east-01" },
            Next = new NextStep { Kind = NextKind.Approval, Code = "APPROVAL", Gate = "OUTAGE", Evidence = "0123456789abcdef" },
        };
        _returns.Approve = request =>
        {
            _approved.Add(request);
            return request.IgnoredChecks.Contains(Memory.Id) ? _returns.Shown() : throw new RpcFailure(StatusCode.FailedPrecondition, "NOT_READY", $"{Name} is not ready for the outage: {Memory.Id}.")
            {
                PreconditionViolations = [new PreconditionViolation(Memory.Id, "sql-01", $"{Memory.Observed}. {Memory.Remedy}")],
            }.ToRpcException();
        };
    }

    public void Dispose() => _failback.Dispose();

    [Fact]
    public async Task What_blocks_comes_first_and_is_the_exit_code()
    {
        _returns.Check = request => request.Name == Name ? new CheckReturnResponse { Checks = { Memory, Version, new ReadinessCheck { Id = "CLOCKS_APART", Passed = true, Observed = "by 0 s" } } } : new CheckReturnResponse();

        (await _failback.RunAsync("vm", "check", "SQL-01")).ShouldBe(ExitCode.Failed);

        _failback.OutputLines.ShouldBe(
        [
            "SQL-01 is not ready.",
            "BLOCKING  CONFIGURATION_VERSION_NOT_SUPPORTED", "  it is 10.0", "  Update home.",
            "OVERRIDABLE  HOME_MEMORY_LOW", "  1 GiB is free", "  Free some.",
            "PASSED        SEEN", "CLOCKS_APART  by 0 s",
        ]);
    }

    [Fact]
    public async Task What_can_be_accepted_leaves_the_machine_ready()
    {
        _returns.Check = _ => new CheckReturnResponse { Ready = true, Checks = { Memory } };

        (await _failback.RunAsync("vm", "check", "sql-01")).ShouldBe(ExitCode.Success);

        _failback.OutputLines[0].ShouldBe("sql-01 is ready once the outage is approved with --accept for each overridable check below.");
    }

    [Theory]
    [InlineData("vm", "approve", "sql-01", "OUTAGE")]
    [InlineData("vm", "run", "sql-01", "--approve", "outage")]
    public async Task Refused_outage_shows_the_checks_and_how_they_are_accepted(params string[] arguments)
    {
        (await _failback.RunAsync(arguments)).ShouldBe(ExitCode.Failed);

        _failback.ErrorLines.ShouldBe(
        [
            $"{Name} is not ready for the outage: HOME_MEMORY_LOW.",
            "  sql-01: 1 GiB is free. Free some. (HOME_MEMORY_LOW)",
            "Every check with what was seen: \"failback vm check sql-01\". To accept these: \"failback vm approve sql-01 OUTAGE --accept HOME_MEMORY_LOW\".",
        ]);
        _approved.ShouldHaveSingleItem().IgnoredChecks.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("vm", "approve", "sql-01", "OUTAGE", "--accept", "home_memory_low", "--accept", "MEDIA_MOUNTED")]
    [InlineData("vm", "run", "sql-01", "--approve", "outage", "--accept", "HOME_MEMORY_LOW,media_mounted")]
    public async Task Accepted_checks_are_sent_by_name(params string[] arguments)
    {
        await _failback.RunAsync(arguments);

        _failback.ErrorLines.ShouldNotContain(line => line.Contains("not ready", StringComparison.Ordinal));
        _approved.ShouldHaveSingleItem().IgnoredChecks.ShouldBe(["HOME_MEMORY_LOW", "MEDIA_MOUNTED"]);
    }
}
