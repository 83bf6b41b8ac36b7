using HostAgent.HyperV.Cim;
using HostAgent.HyperV.RecoveryPoints;
using HostAgent.HyperV.Tests.Scripted;

namespace HostAgent.HyperV.Tests.RecoveryPoints;

public sealed class RecoveryPointTests
{
    private static readonly DateTimeOffset Noon = new(2026, 2, 28, 12, 0, 0, TimeSpan.Zero);
    private readonly ScriptedHost _script = new();

    private async Task<IReadOnlyList<RecoveryPoint>> FourPointsAndACheckpointAsync()
    {
        var id = _script.AddMachine(new MachineScript());
        _script.AddPoint(id, "Microsoft:P2", RecoveryPointTypes.ApplicationConsistent, Noon.AddHours(-2));
        _script.AddPoint(id, "Microsoft:P0", RecoveryPointTypes.PlannedFailover, Noon);
        _script.AddPoint(id, "Microsoft:P1", RecoveryPointTypes.Standard, Noon.AddHours(-1).ToOffset(TimeSpan.FromHours(5)), "sql-01 - (28.02.2026 11:00)");
        _script.AddPoint(id, "Microsoft:P3", "Microsoft:Hyper-V:Snapshot:Replica:Other", Noon.AddHours(-3));
        _script.AddPoint(id, "Microsoft:C", "Microsoft:Hyper-V:Snapshot:Realized", Noon);
        _script.AddPoint(id, "Microsoft:V", "Microsoft:Hyper-V:System:Realized", Noon);
        return await _script.Host.ListRecoveryPointsAsync(id, CancellationToken.None);
    }

    [Fact]
    public async Task Points_come_newest_first_with_their_type_and_without_checkpoints()
    {
        var points = await FourPointsAndACheckpointAsync();
        points.Select(p => p.Identifier).ShouldBe(["Microsoft:P0", "Microsoft:P1", "Microsoft:P2", "Microsoft:P3"]);
        points.Select(p => p.Type).ShouldBe(
            [RecoveryPointType.PlannedFailover, RecoveryPointType.Standard, RecoveryPointType.ApplicationConsistent, RecoveryPointType.Unknown]);
        points[1].Name.ShouldBe("sql-01 - (28.02.2026 11:00)");
        points[1].Time.ShouldBe(Noon.AddHours(-1));
        points[1].Time.Offset.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task No_history_means_no_points()
    {
        var id = _script.AddMachine(new MachineScript());
        (await _script.Host.ListRecoveryPointsAsync(id, CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_point_without_a_time_is_named()
    {
        var id = _script.AddMachine(new MachineScript());
        _script.AddPoint(id, "Microsoft:P", RecoveryPointTypes.Standard, DateTimeOffset.FromFileTime(0));
        (await Should.ThrowAsync<CimDataException>(() => _script.Host.ListRecoveryPointsAsync(id, CancellationToken.None)))
            .Message.ShouldContain("Microsoft:P");
    }

    [Fact]
    public async Task Latest_needs_no_point_and_passes_no_identifier()
    {
        var points = await FourPointsAndACheckpointAsync();
        RecoveryPointSelection.From(RecoveryPointSelector.Latest, points).ShouldBe(new RecoveryPointSelection(true, null));
        RecoveryPointSelection.From(RecoveryPointSelector.Latest, []).Found.ShouldBeTrue();
    }

    [Fact]
    public async Task Latest_application_consistent_is_the_newest_of_that_type()
    {
        var points = await FourPointsAndACheckpointAsync();
        RecoveryPointSelection.From(RecoveryPointSelector.LatestApplicationConsistent, points).Identifier.ShouldBe("Microsoft:P2");
        RecoveryPointSelection.From(RecoveryPointSelector.LatestApplicationConsistent, [points[0]]).Found.ShouldBeFalse();
    }

    [Theory]
    [InlineData(0, "Microsoft:P0")]
    [InlineData(-1, "Microsoft:P1")]
    [InlineData(-61, "Microsoft:P2")]
    [InlineData(-181, null)]
    public async Task Not_after_is_the_newest_whose_time_is_not_after(int minutes, string? expected)
    {
        var selection = RecoveryPointSelection.From(RecoveryPointSelector.NotAfter(Noon.AddMinutes(minutes)), await FourPointsAndACheckpointAsync());
        selection.Identifier.ShouldBe(expected);
        selection.Found.ShouldBe(expected is not null);
    }

    [Fact]
    public async Task An_identifier_is_found_in_any_case_and_passed_as_the_host_writes_it()
    {
        var points = await FourPointsAndACheckpointAsync();
        RecoveryPointSelection.From(RecoveryPointSelector.Exactly("microsoft:p1"), points).Identifier.ShouldBe("Microsoft:P1");
        RecoveryPointSelection.From(RecoveryPointSelector.Exactly("Microsoft:C"), points).Found.ShouldBeFalse();
    }
}
