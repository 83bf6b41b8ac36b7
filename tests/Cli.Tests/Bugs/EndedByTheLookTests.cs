using HostAgent.Cli.Tests.Fakes;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Transport;

namespace HostAgent.Cli.Tests.Bugs;

/// <summary>
/// A return that the first look had ended, because the machine was home already or nothing had to be taken back, was refused the order to go on: the command that had got what it wanted
/// told an error. A refusal that names one field said it twice. And who lost the coordinator in the middle was not told that the machine goes on; names went raw into commands to type.
/// </summary>
public sealed class EndedByTheLookTests : IClassFixture<FakeCoordinator>, IDisposable
{
    private readonly FakeReturns _returns;
    private readonly CommandLine _failback;

    public EndedByTheLookTests(FakeCoordinator coordinator)
    {
        var fresh = new FakeReturns();
        (_returns, _failback) = (coordinator.Returns, new CommandLine(coordinator));
        (_returns.Shown, _returns.Watched, _returns.Commanded) = (fresh.Shown, fresh.Watched, fresh.Commanded);
    }

    public void Dispose() => _failback.Dispose();

    [Theory]
    [InlineData("RETURN_ENDED", ReturnGoal.Home, "HOME", "run")]
    [InlineData("NOTHING_TO_DO", ReturnGoal.Home, "HOME", "run")]
    [InlineData("RETURN_ENDED", ReturnGoal.Back, "ROLLED_BACK", "rollback")]
    public async Task Order_to_go_on_to_where_it_is_shows_that_it_is_there(string reason, ReturnGoal goal, string end, string command)
    {
        var shown = _returns.Shown();
        (shown.Goal, shown.Next) = (goal, new NextStep { Kind = NextKind.Done, Code = end, Explanation = "It is there." });
        _returns.Shown = () => shown;
        _returns.Commanded = request =>
        {
            if (request is AdvanceReturnRequest)
            {
                throw new RpcFailure(Grpc.Core.StatusCode.FailedPrecondition, reason, "it has ended").ToRpcException();
            }
        };

        (await _failback.RunAsync("vm", command, "sql-01")).ShouldBe(ExitCode.Success, _failback.Error);
        _failback.Output.ShouldContain($"Done, {end}: It is there.");
    }

    [Fact]
    public async Task Name_that_a_shell_would_obey_is_no_part_of_a_command_to_type()
    {
        var shown = _returns.Shown();
        (shown.VirtualMachineName, shown.Next) = ("a;reboot", new NextStep { Kind = NextKind.Approval, Gate = "ATTACH", Evidence = "e1", Explanation = "Approve it." });
        _returns.Shown = () => shown;

        await _failback.RunAsync("vm", "status", "a;reboot");
        _failback.Output.ShouldContain($"\"failback vm approve {shown.Name["returns/".Length..]} ATTACH\"");
        _failback.Output.ShouldNotContain("approve a;reboot");
    }

    [Fact]
    public async Task Who_loses_the_coordinator_while_a_machine_goes_home_is_told_that_it_goes_on()
    {
        _returns.Watched = () => throw new RpcFailure(Grpc.Core.StatusCode.Unavailable, "STORE_UNAVAILABLE", "the store is away").ToRpcException();

        (await _failback.RunAsync("vm", "run", "sql-01")).ShouldBe(ExitCode.Unreachable);
        _failback.ErrorLines.ShouldBe(["the store is away", "The return goes on without this command, to its next gate or question. Look at it with: failback vm status sql-01"]);
    }

    [Fact]
    public async Task Refusal_of_one_field_is_one_line()
    {
        _returns.Commanded = _ => throw new RpcFailure(Grpc.Core.StatusCode.InvalidArgument, "INVALID_REQUEST", "gate: is 'X'")
        {
            FieldViolations = [new FieldViolation("gate", "is 'X'")],
        }.ToRpcException();

        (await _failback.RunAsync("vm", "approve", "sql-01", "x")).ShouldBe(ExitCode.Invalid);
        _failback.ErrorLines.ShouldHaveSingleItem().ShouldBe("gate: is 'X'");
    }
}
