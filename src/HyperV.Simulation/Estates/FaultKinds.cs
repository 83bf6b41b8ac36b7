using System.Globalization;
using HostAgent.Documents;
using HostAgent.HyperV.Cim.Xml;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Faults;
using HostAgent.HyperV.Simulation.Plans;

namespace HostAgent.HyperV.Simulation.Estates;

/// <summary>All fault kinds of the document format; a new kind gets its name and keys here.</summary>
internal static class FaultKinds
{
    private const string KindKey = "kind";
    private const string Times = "times";
    private const string When = "When, in host time from the start";

    private static readonly FaultKind[] All =
    [
        new("answers",
            reader => new AnswerFault(ReadCode(reader)) { Times = ReadTimes(reader) },
            fault => fault is AnswerFault it ? [("code", (uint)it.Code), (Times, it.Times)] : null),
        new("answersAtOnce",
            reader => new SynchronousAnswerFault { Times = ReadTimes(reader) },
            fault => fault is SynchronousAnswerFault it ? [(Times, it.Times)] : null),
        new("inUse",
            reader => new InUseFault
            {
                JobType = (JobType)reader.Optional("jobType").Described("Type of the other job; 170 is a backup.").Integer(1, ushort.MaxValue, (int)JobType.Backup),
                After = reader.Optional("after").Described(When).Duration(TimeSpan.Zero, TimeSpan.FromDays(365), TimeSpan.Zero),
                Duration = reader.Optional("for").Described("How long it runs, in host time; forever by default").Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(365)),
            },
            fault => fault is InUseFault it
                ? [
                    ("jobType", it.JobType == JobType.Backup ? null : (int)it.JobType),
                    ("after", it.After > TimeSpan.Zero ? DurationText.Write(it.After) : null), ("for", Write(it.Duration)),
                ]
                : null),
        new("accessDenied", _ => new AccessDeniedFault(), fault => fault is AccessDeniedFault ? [] : null),
        new("emptyResult", _ => new EmptyResultFault(), fault => fault is EmptyResultFault ? [] : null) { HostOnly = true },
        new("localisedTexts", _ => new LocalisedTextsFault(), fault => fault is LocalisedTextsFault ? [] : null) { HostOnly = true },
        new("jobFails",
            reader => ReadEnding(reader, JobState.Exception, 32768),
            fault => fault is JobEndsFault { JobState: JobState.Exception } it ? WriteEnding(it, 32768) : null),
        new("completesWithWarnings",
            reader => ReadEnding(reader, JobState.CompletedWithWarnings, 0),
            fault => fault is JobEndsFault { JobState: JobState.CompletedWithWarnings } it ? WriteEnding(it, 0) : null),
        new("jobEnds",
            reader => ReadEnding(reader, ReadJobState(reader), 32768),
            fault => fault is JobEndsFault it ? [("jobState", (int)it.JobState), .. WriteEnding(it, 32768)] : null),
        new("jobVanishes",
            reader => new JobVanishesFault { AtPercent = ReadPercent(reader, 40, 0, 100), State = ReadState(reader), Times = ReadTimes(reader) },
            fault => fault is JobVanishesFault it ? [("atPercent", it.AtPercent), ("state", WriteState(it.State)), (Times, it.Times)] : null),
        new("jobOfAnotherClass",
            reader => new JobOfAnotherClassFault
            {
                JobClass = EnumNames<SimulatedJobClass>.Read(reader.Optional("jobClass").Described("Msvm_StorageJob or Msvm_MigrationJob."), SimulatedJobClass.StorageJob), Times = ReadTimes(reader),
            },
            fault => fault is JobOfAnotherClassFault it ? [("jobClass", EnumNames<SimulatedJobClass>.NameOf(it.JobClass)), (Times, it.Times)] : null),
        new("stepStuck",
            reader => new StepStuckFault((JobType)(reader.Required("jobType", "a job type from 1 to 65535").Described("Which jobs: 12 is a start, 97 a failover, 100 the preparation of a planned one.").Integer(1, ushort.MaxValue) ?? 1))
            {
                AtPercent = ReadPercent(reader, 40, 0, 99), Vanishes = reader.Optional("vanishes").Described("Whether the job disappears instead of standing still.").Boolean(false), Times = ReadTimes(reader),
            },
            fault => fault is StepStuckFault it ? [("jobType", (int)it.JobType), ("atPercent", it.AtPercent), ("vanishes", it.Vanishes ? true : null), (Times, it.Times)] : null),
        new("percentStuck",
            reader => new PercentStuckFault { AtPercent = ReadPercent(reader, 40, 0, 99), Times = ReadTimes(reader) },
            fault => fault is PercentStuckFault it ? [("atPercent", it.AtPercent), (Times, it.Times)] : null),
        new("percentJumps",
            reader => new PercentJumpsFault { Times = ReadTimes(reader) },
            fault => fault is PercentJumpsFault it ? [(Times, it.Times)] : null),
        new("percentGoesBack",
            ReadGoingBack,
            fault => fault is PercentGoesBackFault it ? [("atPercent", it.AtPercent), ("by", it.By), (Times, it.Times)] : null),
        new("answerLost",
            reader => new AnswerLostFault { Times = ReadTimes(reader) },
            fault => fault is AnswerLostFault it ? [(Times, it.Times)] : null),
        new("raced",
            reader => new RacedFault { Times = ReadTimes(reader) },
            fault => fault is RacedFault it ? [(Times, it.Times)] : null),
        new("leaves",
            reader => new LeavesFault
            {
                AtPercent = ReadPercent(reader, 40, 0, 100), After = ReadTime(reader.Optional("after").Described(When)), ReturnsAfter = ReadTime(reader.Optional("returnsAfter").Described("How long until it comes back, in host time; never by default")), Times = ReadTimes(reader),
            },
            fault => fault is LeavesFault it
                ? [("atPercent", it.AtPercent), ("after", Write(it.After)), ("returnsAfter", Write(it.ReturnsAfter)), (Times, it.Times)]
                : null),
        new("renamed",
            reader => new RenamedFault(reader.Required("to", "a text of 1 to 100 characters").Described("The new display name.").Text(1, 100) ?? "?") { After = ReadAfter(reader) },
            fault => fault is RenamedFault it ? [("to", it.Name), ("after", Write(it.After))] : null),
        new("recoveryPointsGone",
            reader => new RecoveryPointsGoneFault { After = ReadAfter(reader) },
            fault => fault is RecoveryPointsGoneFault it ? [("after", Write(it.After))] : null),
        new("diskMissing",
            reader => new DiskMissingFault { Disk = reader.Optional("disk").Described("Number of the virtual machine's disk, from 1.").Integer(1, EstateLimits.Disks, fallback: 1) },
            fault => fault is DiskMissingFault it ? [("disk", it.Disk == 1 ? null : it.Disk)] : null),
        new("slowCalls",
            reader => new SlowCallsFault(ReadDelay(reader, "Delay of each answer, on the real clock")) { Times = ReadTimes(reader) },
            fault => fault is SlowCallsFault it ? [("delay", Write(it.Delay)), (Times, it.Times)] : null) { HostOnly = true },
        new("eventsLost",
            reader => new EventsLostFault { Percent = reader.Optional("percent").Described("Share of events lost, in percent.").Number(1, 100, fallback: 100) },
            fault => fault is EventsLostFault it ? [("percent", it.Percent)] : null) { HostOnly = true },
        new("eventsLate",
            reader => new EventsLateFault(ReadDelay(reader, "Delay of events, on the real clock")),
            fault => fault is EventsLateFault it ? [("delay", Write(it.Delay))] : null) { HostOnly = true },
        new("hostRestarts",
            reader => new HostRestartsFault { AtPercent = ReadPercent(reader, 50, 0, 100), Times = reader.Optional(Times).Described("How many calls are affected, from the first.").Integer(1, int.MaxValue, fallback: 1) },
            fault => fault is HostRestartsFault it ? [("atPercent", it.AtPercent), (Times, it.Times)] : null),
    ];

    public static IReadOnlyList<Fault> Read(Field list, FaultOwner owner)
    {
        var kinds = All.Where(kind => owner == FaultOwner.Host || !kind.HostOnly).ToDictionary(kind => kind.Name, kind => kind.Read);
        return list.List(field => field.MappingByKind(KindKey, kinds, "fault"));
    }


    /// <summary>A fault as keys and values, starting with its kind.</summary>
    public static Dictionary<string, object> Write(Fault fault)
    {
        foreach (var kind in All)
        {
            if (kind.Write(fault) is { } values)
            {
                var written = new Dictionary<string, object> { [KindKey] = kind.Name };
                foreach (var (key, value) in values)
                {
                    if (value is not null)
                    {
                        written[key] = value;
                    }
                }

                return written;
            }
        }

        throw new InvalidOperationException($"There is no document fault kind for {fault.GetType().Name}.");
    }

    private static ReturnCode ReadCode(MappingReader reader)
    {
        const string Allowed = "a return code other than 0 and 4096, such as 32768 to 32779";
        var field = reader.Required("code", Allowed).Described("The return code to answer with, such as 32768 to 32779; not 0 or 4096.");
        var code = field.Whole(0, uint.MaxValue);
        if (code is (long)ReturnCode.Completed or (long)ReturnCode.JobStarted)
        {
            field.Reject(Allowed);
        }

        return (ReturnCode)(code ?? (long)ReturnCode.Failed);
    }

    private static JobState ReadJobState(MappingReader reader)
    {
        const string Allowed = "7, 8, 9, 10, 32768 or another number that no unfinished job has";
        var field = reader.Required("jobState", Allowed).Described("A state number other than those of unfinished jobs.");
        var state = (JobState)(field.Integer(0, ushort.MaxValue) ?? (int)JobState.Exception);
        if (JobVerdicts.Judge(state, 0) is JobVerdict.Live)
        {
            field.Reject(Allowed);
        }

        return state;
    }

    private static JobEndsFault ReadEnding(MappingReader reader, JobState state, ushort errorCode) => new()
    {
        JobState = state,
        ErrorCode = (ushort)reader.Optional("errorCode").Described("Msvm_ConcreteJob.ErrorCode.").Integer(0, ushort.MaxValue, errorCode),
        Description = ReadDescription(reader.Optional("description").Described("The error text; one that matches the code by default.")),
        AtPercent = ReadPercent(reader, 40, 0, 100),
        State = ReadState(reader),
        Times = ReadTimes(reader),
    };

    // The host reports it in an embedded error, which is XML.
    private static string? ReadDescription(Field field)
    {
        var description = field.Text(1, 512);
        if (description is null || CimXmlText.CanCarry(description))
        {
            return description;
        }

        field.Reject("text without characters that XML 1.0 cannot represent, such as U+FFFF");
        return null;
    }

    private static (string Key, object? Value)[] WriteEnding(JobEndsFault fault, ushort errorCode)
    => [
        ("errorCode", fault.ErrorCode == errorCode ? null : (int)fault.ErrorCode), ("description", fault.Description),
        ("atPercent", fault.AtPercent), ("state", WriteState(fault.State)), (Times, fault.Times),
    ];

    private static PercentGoesBackFault ReadGoingBack(MappingReader reader)
    {
        var at = ReadPercent(reader, 60, 1, 99);
        return new PercentGoesBackFault { AtPercent = at, By = ReadDrop(reader.Optional("by").Described("Percentage points to drop; at most atPercent.").ByDefault(30), at) ?? Math.Min(at, 30), Times = ReadTimes(reader) };
    }

    private static double ReadPercent(MappingReader reader, double otherwise, double minimum, double maximum)
        => reader.Optional("atPercent").Described("Progress of the failback at that point, in percent of its work.").Number(minimum, maximum, otherwise);

    private static double? ReadDrop(Field field, double atPercent)
    {
        var drop = field.Number(1, 99);
        if (drop > atPercent)
        {
            field.Reject(string.Create(CultureInfo.InvariantCulture, $"a number from 1 to {atPercent}"));
        }

        return drop;
    }

    private static TimeSpan? ReadTime(Field field) => field.Duration(TimeSpan.Zero, TimeSpan.FromDays(365));

    private static TimeSpan ReadAfter(MappingReader reader)
        => reader.Optional("after").Described(When).Duration(TimeSpan.Zero, TimeSpan.FromDays(365), TimeSpan.FromMinutes(10));

    private static TimeSpan ReadDelay(MappingReader reader, string description)
        => reader.Required("delay", "a duration from 1ms to 1h").Described(description).Duration(TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1)) ?? TimeSpan.FromSeconds(1);

    private static string? Write(TimeSpan? time) => time is { } value ? DurationText.Write(value) : null;

    private static int? ReadTimes(MappingReader reader) => reader.Optional(Times).Described("How many calls are affected, from the first; all by default.").Integer(1, int.MaxValue);

    private static ReplicationState? ReadState(MappingReader reader) => EnumNames<ReplicationState>.Read(
        reader.Optional("state").Described("The replication state afterwards; as the host's settings say by default."));

    private static string? WriteState(ReplicationState? state) => state is { } value ? EnumNames<ReplicationState>.NameOf(value) : null;
}

/// <summary>One fault kind in the document format.</summary>
/// <param name="Name">The value of <c>kind</c>.</param>
/// <param name="Read">Builds the fault by reading every key.</param>
/// <param name="Write">Its keys and values, in order, null for an omitted one; null for a fault of another kind.</param>
internal sealed record FaultKind(
    string Name, Func<MappingReader, Fault> Read, Func<Fault, IReadOnlyList<(string Key, object? Value)>?> Write)
{
    /// <summary>Whether it is allowed on hosts only.</summary>
    public bool HostOnly { get; init; }
}

internal enum FaultOwner
{
    VirtualMachine,

    Host,
}

/// <summary>Enum values by their document names: the code name with a lower-case first letter.</summary>
internal static class EnumNames<T>
    where T : struct, Enum
{
    private static readonly Dictionary<string, T> ByName = Enum.GetValues<T>().ToDictionary(NameOf, value => value);

    public static T? Read(Field field) => field.Choice(ByName);

    public static T Read(Field field, T fallback) => field.Choice(ByName, fallback);

    public static IReadOnlyList<T>? ReadList(Field field, int minimum = 0) => field.ChoiceList(ByName, minimum);

    public static IReadOnlyList<T>? ReadOrder(Field field) => field.Order(ByName);

    public static string NameOf(T value)
    {
        var name = value.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}
