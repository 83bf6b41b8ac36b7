using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Simulation.Identifiers;
using HostAgent.HyperV.Simulation.World;

namespace HostAgent.HyperV.Simulation.Model;

/// <summary>Msvm_ConcreteJob, and its siblings.</summary>
internal sealed class JobClass(string name) : SimulatedClassOf<Job>
{
    private static readonly DateTimeOffset FileTimeZero = new(1601, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override string Name => name;

    public override IReadOnlyList<string> Ancestors { get; } = ["CIM_ConcreteJob", "CIM_Job"];

    public override bool Holds(object item) => item is Job job && IsOfThis(job);

    public override object? Find(HostWorld world, CimObjectPath path)
        => path.Keys.Count == 1 && path.Keys.GetValueOrDefault("InstanceID") is string text && Guid.TryParseExact(text, "D", out var id)
            && world.FindJob(id) is { } job && IsOfThis(job)
                ? job
                : null;

    protected override IReadOnlyList<string> TextsForPeople { get; } =
        ["Caption", "Description", "ElementName", "Name", "JobStatus", "StatusDescriptions", "ErrorDescription", "ErrorSummaryDescription"];

    protected override IEnumerable<Job> Objects(HostWorld world) => world.Jobs.Where(IsOfThis);

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, Job item)
        => [new("InstanceID", CimText.Guid(item.Id))];

    protected override void Fill(HostWorld world, Job item, Dictionary<string, object?> properties)
    {
        var machine = item.Machine.Name;
        var errorCode = item.IsTerminal ? item.Ending.ErrorCode : (ushort)0;
        var failed = item.IsTerminal && (errorCode != 0 || !item.EndsWell);
        var error = SimulatedJobError.Of(item);
        properties["Caption"] = JobTypeText.Of(item.Type);
        properties["Description"] = $"{JobTypeText.Of(item.Type)}: '{machine}'";
        properties["ElementName"] = JobTypeText.Of(item.Type);
        properties["Name"] = JobTypeText.Of(item.Type);
        properties["InstallDate"] = Time(item.Record.SubmittedTicks);
        properties["TimeSubmitted"] = Time(item.Record.SubmittedTicks);
        properties["ScheduledStartTime"] = Time(item.Record.SubmittedTicks);
        properties["StartTime"] = item.Record.StartedTicks is { } started ? Time(started) : FileTimeZero;
        properties["TimeOfLastStateChange"] = Time(item.Record.StateChangedTicks);
        properties["UntilTime"] = null;
        properties["ElapsedTime"] = TimeSpan.FromTicks((item.Record.EndedTicks ?? world.Now) - item.Record.SubmittedTicks);
        properties["JobState"] = (ushort)item.State;
        properties["JobStatus"] = JobStatusText(item.State);
        properties["JobType"] = (ushort)item.Type;
        properties["PercentComplete"] = item.PercentAt(world.Now);
        properties["Cancellable"] = item.IsCancellable;
        properties["ErrorCode"] = errorCode;
        properties["ErrorDescription"] = error?.Message;
        properties["ErrorSummaryDescription"] = error?.Summary;
        properties["DeleteOnCompletion"] = true;
        properties["TimeBeforeRemoval"] = TimeSpan.FromMinutes(5);
        properties["HealthState"] = (ushort)(failed ? 20 : 5);
        properties["OperationalStatus"] = new[] { (ushort)(failed ? 6 : 2) };
        properties["StatusDescriptions"] = new[] { failed ? "Error" : "OK" };
        properties["Status"] = failed ? "Error" : "OK";
        properties["LocalOrUtcTime"] = (ushort)2;
        properties["Priority"] = 0u;
        properties["JobRunTimes"] = 1u;
        properties["RecoveryAction"] = (ushort)3;
        properties["Owner"] = null;
        properties["Notify"] = null;
        properties["OtherRecoveryAction"] = null;
        properties["RunDay"] = null;
        properties["RunDayOfWeek"] = null;
        properties["RunMonth"] = null;
        properties["RunStartInterval"] = null;
    }

    private bool IsOfThis(Job job) => job.ClassName == name;

    private static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);

    private static string JobStatusText(JobState state) => state switch
    {
        JobState.New => "Job is queued",
        JobState.Starting => "Job is starting",
        JobState.Running => "Job is running",
        JobState.ShuttingDown => "Job is stopping",
        JobState.Completed => "Job is completed",
        JobState.CompletedWithWarnings => "Job is completed with warnings",
        JobState.Terminated => "Job is terminated",
        _ => "Job ended with an error",
    };
}
