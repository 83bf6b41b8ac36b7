using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Faults;
using HostAgent.HyperV.Simulation.World;
using Microsoft.Extensions.Time.Testing;

namespace HostAgent.HyperV.Simulation.Tests.Engine;

/// <summary>The host outlives whoever serves it.</summary>
public sealed class StateFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("simulated-host-");
    private readonly FakeTimeProvider _time = new(Stage.Began);

    private string StateFile => Path.Combine(_folder.FullName, "state", "hv-west-01.jsonl");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Jobs_go_on_while_nobody_serves_the_host()
    {
        var path = await StartAndLeaveAsync();
        _time.Advance(TimeSpan.FromSeconds(125));
        await using (var stage = await OpenAsync())
        {
            (await stage.JobAsync(path)).PercentComplete.ShouldBe(50);
            (await stage.StateAsync()).ShouldBe(ReplicationState.FailbackInProgress);
        }

        _time.Advance(TimeSpan.FromSeconds(120));
        await using var later = await OpenAsync();
        (await later.JobAsync(path)).State.ShouldBe(JobState.Completed);
        (await later.StateAsync()).ShouldBe(ReplicationState.FailbackComplete);
        later.Host.Initiations.Total.ShouldBe(1);
    }

    [Fact]
    public async Task A_job_that_ended_and_was_removed_meanwhile_is_not_found_and_the_state_tells()
    {
        var path = await StartAndLeaveAsync();
        _time.Advance(TimeSpan.FromHours(1));
        await using var stage = await OpenAsync();
        (await stage.Door.GetJobAsync(path, Stage.Token)).ShouldBeNull();
        (await stage.StateAsync()).ShouldBe(ReplicationState.FailbackComplete);
    }

    [Fact]
    public async Task What_was_accepted_is_in_the_file_before_the_caller_hears_of_it()
    {
        await using var stage = await OpenAsync();
        await stage.StartAsync();
        SimulatedHost.ReadInitiations(StateFile).For(stage.Host.Description.VirtualMachines[0].Id).ShouldBe(1);
    }

    [Fact]
    public async Task A_line_torn_by_a_kill_is_cut_and_the_call_never_took_effect()
    {
        await StartAndLeaveAsync();
        var whole = await File.ReadAllBytesAsync(StateFile, Stage.Token);
        var lastLine = Array.LastIndexOf(whole, (byte)'\n', whole.Length - 2) + 1;
        for (var length = lastLine; length < whole.Length; length++)
        {
            await File.WriteAllBytesAsync(StateFile, whole[..length], Stage.Token);
            await using var stage = await OpenAsync();
            stage.Host.Initiations.Total.ShouldBe(0);
            (await stage.StateAsync()).ShouldBe(ReplicationState.Recovered);
            new FileInfo(StateFile).Length.ShouldBe(lastLine);
        }

        await using var again = await OpenAsync();
        await again.StartAsync();
        again.Host.Initiations.Total.ShouldBe(1);
    }

    [Fact]
    public async Task A_copy_shows_a_host_that_somebody_else_serves_and_changes_nothing_of_it()
    {
        await using var served = await OpenAsync();
        await served.StartAsync();
        var before = await ReadSharedAsync();

        await using (var copy = await SimulatedHost.OpenCopyAsync(served.Host.Description, new SimulationOptions { StateFile = StateFile }, _time, Stage.Token))
        {
            copy.Initiations.Total.ShouldBe(1);
            copy.StartOtherJob(served.Host.Description.VirtualMachines[0].Id, JobType.ModifyVirtualMachine, duration: null);
        }

        (await ReadSharedAsync()).ShouldBe(before);
        served.Host.Initiations.Total.ShouldBe(1);
    }

    [Fact]
    public async Task A_copy_of_a_host_that_never_lived_makes_no_file()
    {
        await using (var copy = await SimulatedHost.OpenCopyAsync(Stage.HostOf(Stage.Machine()), new SimulationOptions { StateFile = StateFile }, _time, Stage.Token))
        {
            copy.Initiations.Total.ShouldBe(0);
        }

        Directory.Exists(Path.GetDirectoryName(StateFile)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_file_torn_in_its_first_line_begins_anew()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(StateFile)!);
        await File.WriteAllTextAsync(StateFile, """{"type":"hostBegan","ti""", Stage.Token);
        await using var stage = await OpenAsync();
        (await stage.InitiateAsync()).Code.ShouldBe(ReturnCode.JobStarted);
    }

    [Fact]
    public async Task A_damaged_line_in_the_middle_is_refused_with_its_number_and_the_file_is_left_alone()
    {
        await StartAndLeaveAsync();
        var lines = await File.ReadAllLinesAsync(StateFile, Stage.Token);
        lines[1] = lines[1][..20];
        var damaged = Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n");
        await File.WriteAllBytesAsync(StateFile, damaged, Stage.Token);

        var refusal = await Should.ThrowAsync<StateFileException>(OpenAsync);

        refusal.Message.ShouldContain("damaged at line 2");
        refusal.Message.ShouldNotContain('\n');
        (await File.ReadAllBytesAsync(StateFile, Stage.Token)).ShouldBe(damaged);
    }

    [Fact]
    public async Task The_past_of_another_host_is_refused()
    {
        await StartAndLeaveAsync();
        var other = Stage.HostOf(Stage.Machine()) with { Name = "hv-east-07" };
        (await Should.ThrowAsync<StateFileException>(() => OpenAsync(other))).Message.ShouldContain("belongs to host hv-west-01, not to hv-east-07");
    }

    [Fact]
    public async Task The_past_of_another_estate_is_refused()
    {
        await StartAndLeaveAsync();
        var other = Stage.HostOf(Stage.Machine(number: 77));
        (await Should.ThrowAsync<StateFileException>(() => OpenAsync(other))).Message.ShouldContain("00000001-0000-0000-0000-000000000001");
    }

    [Fact]
    public async Task A_second_server_of_one_file_is_refused_with_one_line()
    {
        await using (await OpenAsync())
        {
            var refusal = await Should.ThrowAsync<StateFileException>(OpenAsync);
            refusal.Message.ShouldContain("is already running");
            refusal.Message.ShouldNotContain('\n');
        }

        await using var after = await OpenAsync();
        after.Host.Initiations.Total.ShouldBe(0);
    }

    [Fact]
    public async Task A_second_process_cannot_take_the_file()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/flock"), "Needs flock(1) as the other process.");
        await using var stage = await OpenAsync();
        using var other = Process.Start(new ProcessStartInfo("/usr/bin/flock", ["-n", StateFile + ".lock", "true"])).ShouldNotBeNull();
        await other.WaitForExitAsync(Stage.Token);
        other.ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task Another_speed_holds_from_the_opening_on()
    {
        var path = await StartAndLeaveAsync();
        _time.Advance(TimeSpan.FromSeconds(125));
        await using var stage = await OpenAsync(speed: 10);
        (await stage.JobAsync(path)).PercentComplete.ShouldBe(50);
        stage.Pass(11.9);
        (await stage.JobAsync(path)).State.ShouldBe(JobState.Running);
        stage.Pass(0.1);
        (await stage.JobAsync(path)).State.ShouldBe(JobState.Completed);
    }

    [Fact]
    public async Task An_estate_edited_while_a_job_runs_does_not_change_the_job()
    {
        var path = await StartAndLeaveAsync();
        var edited = Stage.HostOf(Stage.Machine() with { DiskGigabytes = 1000, Faults = [new JobEndsFault()] });
        _time.Advance(TimeSpan.FromSeconds(245));
        await using var stage = await OpenAsync(edited);
        (await stage.JobAsync(path)).State.ShouldBe(JobState.Completed);
    }

    [Fact]
    public async Task Faults_that_strike_a_number_of_times_remember_how_often_they_have()
    {
        var host = Stage.HostOf(Stage.Machine() with { Faults = [new AnswerFault(ReturnCode.SystemInUse) { Times = 2 }] });
        await using (var stage = await OpenAsync(host))
        {
            (await stage.InitiateAsync()).Code.ShouldBe(ReturnCode.SystemInUse);
        }

        await using var again = await OpenAsync(host);
        (await again.InitiateAsync()).Code.ShouldBe(ReturnCode.SystemInUse);
        (await again.InitiateAsync()).Code.ShouldBe(ReturnCode.JobStarted);
    }

    [Fact]
    public async Task A_cancellation_and_a_restart_are_remembered()
    {
        var host = Stage.HostOf(Stage.Machine("a", 1), Stage.Machine("b", 2));
        CimObjectPath cancelled, lost;
        await using (var stage = await OpenAsync(host))
        {
            lost = await stage.StartAsync(new(host.VirtualMachines[1].Id));
            stage.Host.RestartManagementService();
            cancelled = await stage.StartAsync(new(host.VirtualMachines[0].Id));
            await stage.Door.RequestJobTerminationAsync(cancelled, Stage.Token);
        }

        _time.Advance(TimeSpan.FromSeconds(2));
        await using var again = await OpenAsync(host);
        (await again.JobAsync(cancelled)).State.ShouldBe(JobState.Terminated);
        (await again.Door.GetJobAsync(lost, Stage.Token)).ShouldBeNull();
        (await again.StateAsync(new(host.VirtualMachines[0].Id))).ShouldBe(ReplicationState.Recovered);
        (await again.StateAsync(new(host.VirtualMachines[1].Id))).ShouldBe(ReplicationState.FailbackInProgress);
    }

    [Fact]
    public async Task A_refusal_is_written_with_the_check_that_made_it()
    {
        await using (var stage = await OpenAsync())
        {
            await stage.InitiateAsync(point: "no such point");
        }

        var line = (await File.ReadAllLinesAsync(StateFile, Stage.Token))[^1];
        line.ShouldContain("callRefused");
        line.ShouldContain("RecoveryPoint");
        line.ShouldContain("no such point");
    }

    [Fact]
    public async Task Every_ending_is_written_once_however_often_the_host_is_opened()
    {
        await StartAndLeaveAsync();
        _time.Advance(TimeSpan.FromSeconds(245));
        for (var opening = 0; opening < 3; opening++)
        {
            await using var stage = await OpenAsync();
        }

        (await File.ReadAllLinesAsync(StateFile, Stage.Token)).Count(line => line.Contains("jobEnded", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task Two_sessions_see_one_host()
    {
        await using var stage = await OpenAsync();
        await using var second = stage.Host.OpenSession();
        var path = await stage.StartAsync();
        var door = new HyperVHost(second, _time);
        (await door.GetJobAsync(path, Stage.Token)).ShouldNotBeNull();
        await stage.Session.DisposeAsync();
        (await door.GetJobAsync(path, Stage.Token)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_long_past_is_replaced_by_its_summary_and_nothing_is_forgotten()
    {
        var host = Stage.HostOf(Stage.Machine() with { Faults = [new AnswerFault(ReturnCode.SystemInUse) { Times = 300 }] });
        await using (var stage = await OpenAsync(host, compactAbove: 8_000))
        {
            for (var call = 0; call < 300; call++)
            {
                (await stage.InitiateAsync()).Code.ShouldBe(ReturnCode.SystemInUse);
            }

            await stage.StartAsync();
        }

        new FileInfo(StateFile).Length.ShouldBeLessThan(16_000);
        File.Exists(StateFile + ".new").ShouldBeFalse();
        SimulatedHost.ReadInitiations(StateFile).Total.ShouldBe(1);
        _time.Advance(TimeSpan.FromSeconds(245));
        await using var later = await OpenAsync(host);
        later.Host.Initiations.Total.ShouldBe(1);
        (await later.StateAsync()).ShouldBe(ReplicationState.FailbackComplete);
    }

    [Fact]
    public async Task What_is_going_to_happen_by_itself_is_in_the_summary_too()
    {
        var host = Stage.HostOf(Stage.Machine() with { Faults = [new RenamedFault("sql-01-new") { After = TimeSpan.FromMinutes(5) }] });
        await using (var stage = await OpenAsync(host, compactAbove: 1))
        {
            stage.Pass(120);
            stage.Host.StartOtherJob(host.VirtualMachines[0].Id, JobType.Backup, TimeSpan.FromMinutes(1));
        }

        (await File.ReadAllLinesAsync(StateFile, Stage.Token))[1].ShouldContain("hostSummary");
        _time.Advance(TimeSpan.FromMinutes(3));
        await using var later = await OpenAsync(host);
        (await later.Door.FindVirtualMachineAsync(new(host.VirtualMachines[0].Id), Stage.Token))!.Name.ShouldBe("sql-01-new");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_file_of_a_former_format_goes_on(int format)
    {
        var path = await StartAndLeaveAsync();
        await File.WriteAllTextAsync(
            StateFile, (await File.ReadAllTextAsync(StateFile, Stage.Token)).Replace("\"format\":3", $"\"format\":{format}", StringComparison.Ordinal), Stage.Token);
        _time.Advance(TimeSpan.FromSeconds(125));
        await using var stage = await OpenAsync();
        (await stage.JobAsync(path)).PercentComplete.ShouldBe(50);
    }

    [Fact]
    public async Task A_summary_of_a_former_format_lacks_what_was_not_known_then()
    {
        var host = Stage.HostOf(Stage.Machine() with { Extended = true, State = ReplicationState.Replicating });
        await using (var stage = await OpenAsync(host, compactAbove: 1))
        {
            stage.Host.Rename(host.VirtualMachines[0].Id, "another");
        }

        var lines = await File.ReadAllLinesAsync(StateFile, Stage.Token);
        var summary = JsonNode.Parse(lines[1])!;
        var machine = summary["machines"]![0]!.AsObject();
        machine.Remove("extendedState").ShouldBeTrue();
        machine.Select(property => property.Key).ShouldBe(
            [
                "id", "began", "name", "mode", "replicationState", "health", "failedOver", "power", "extended", "isHere", "lastReplication", "replicatingSince",
                "pointsRemoved",
            ],
            ignoreOrder: true, "the summary of format 2");
        summary.AsObject().ContainsKey("server").ShouldBeFalse("nobody has changed it");
        await File.WriteAllLinesAsync(
            StateFile, [lines[0].Replace("\"format\":3", "\"format\":2", StringComparison.Ordinal), summary.ToJsonString(), .. lines[2..]], Stage.Token);
        await using var later = await OpenAsync(host);
        var found = (await later.Door.FindVirtualMachineAsync(new(host.VirtualMachines[0].Id), Stage.Token)).ShouldNotBeNull();
        found.Name.ShouldBe("another");
        found.ExtendedRelationship!.State.ShouldBe(ReplicationState.Replicating);
        found.ReplicationSettings!.RecoveryHistory.ShouldBe(4);
    }

    [Fact]
    public async Task A_file_of_a_later_format_is_refused()
    {
        await StartAndLeaveAsync();
        await File.WriteAllTextAsync(
            StateFile, (await File.ReadAllTextAsync(StateFile, Stage.Token)).Replace("\"format\":3", "\"format\":4", StringComparison.Ordinal), Stage.Token);
        (await Should.ThrowAsync<StateFileException>(OpenAsync)).Message.ShouldContain("its format is 4, this version reads 1 to 3");
    }

    private async Task<byte[]> ReadSharedAsync()
    {
        await using var file = new FileStream(StateFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var bytes = new MemoryStream();
        await file.CopyToAsync(bytes, Stage.Token);
        return bytes.ToArray();
    }

    private async Task<CimObjectPath> StartAndLeaveAsync()
    {
        await using var stage = await OpenAsync();
        return await stage.StartAsync();
    }

    private Task<Stage> OpenAsync() => OpenAsync(host: null);

    private Task<Stage> OpenAsync(SimulatedHostDescription? host, double speed = 1, long compactAbove = long.MaxValue) => Stage.OpenAsync(
        host ?? Stage.HostOf(Stage.Machine()),
        new SimulationOptions
        {
            StateFile = StateFile,
            Speed = speed,
            MinimumJobRetention = TimeSpan.Zero,
            CompactAbove = compactAbove,
            FlushToDisk = compactAbove < long.MaxValue,
        },
        _time);

    private Task<Stage> OpenAsync(double speed) => OpenAsync(host: null, speed);
}
