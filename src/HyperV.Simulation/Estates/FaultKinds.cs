using HostAgent.Documents;
using HostAgent.HyperV.Cim.Xml;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Faults;

namespace HostAgent.HyperV.Simulation.Estates;

/// <summary>All fault kinds of the document format; a new kind gets its name and keys here.</summary>
internal static class FaultKinds
{
    private const string KindKey = "kind";
    private const string Times = "times";

    private static readonly FaultKind[] All =
    [
        new("answers", ["code", Times],
            reader => new AnswerFault(ReadCode(reader)) { Times = ReadTimes(reader) },
            fault => fault is AnswerFault it ? [("code", (uint)it.Code), (Times, it.Times)] : null),
        new("answersAtOnce", [Times],
            reader => new SynchronousAnswerFault { Times = ReadTimes(reader) },
            fault => fault is SynchronousAnswerFault it ? [(Times, it.Times)] : null),
        new("inUse", ["jobType", "after", "for"],
            reader => new InUseFault
            {
                JobType = (JobType)(reader.Optional("jobType").Integer(1, ushort.MaxValue) ?? (int)JobType.Backup),
                After = reader.Optional("after").Duration(TimeSpan.Zero, TimeSpan.FromDays(365)) ?? TimeSpan.Zero,
                Duration = reader.Optional("for").Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(365)),
            },
            fault => fault is InUseFault it
                ? [
                    ("jobType", it.JobType == JobType.Backup ? null : (int)it.JobType),
                    ("after", it.After > TimeSpan.Zero ? DurationText.Write(it.After) : null), ("for", Write(it.Duration)),
                ]
                : null),
        new("accessDenied", [], _ => new AccessDeniedFault(), fault => fault is AccessDeniedFault ? [] : null),
        new("emptyResult", [], _ => new EmptyResultFault(), fault => fault is EmptyResultFault ? [] : null) { HostOnly = true },
        new("localisedTexts", [], _ => new LocalisedTextsFault(), fault => fault is LocalisedTextsFault ? [] : null) { HostOnly = true },
        new("jobFails", ["errorCode", "description", "atPercent", "state", Times],
            reader => ReadEnding(reader, JobState.Exception, 32768),
            fault => fault is JobEndsFault { JobState: JobState.Exception } it ? WriteEnding(it, 32768) : null),
        new("completesWithWarnings", ["errorCode", "description", "atPercent", "state", Times],
            reader => ReadEnding(reader, JobState.CompletedWithWarnings, 0),
            fault => fault is JobEndsFault { JobState: JobState.CompletedWithWarnings } it ? WriteEnding(it, 0) : null),
        new("jobEnds", ["jobState", "errorCode", "description", "atPercent", "state", Times],
            reader => ReadEnding(reader, ReadJobState(reader), 32768),
            fault => fault is JobEndsFault it ? [("jobState", (int)it.JobState), .. WriteEnding(it, 32768)] : null),
        new("jobVanishes", ["atPercent", "state", Times],
            reader => new JobVanishesFault { AtPercent = ReadPercent(reader, 40, 0, 100), State = ReadState(reader), Times = ReadTimes(reader) },
            fault => fault is JobVanishesFault it ? [("atPercent", it.AtPercent), ("state", WriteState(it.State)), (Times, it.Times)] : null),
        new("jobOfAnotherClass", ["jobClass", Times],
            reader => new JobOfAnotherClassFault
            {
                JobClass = EnumNames<SimulatedJobClass>.Read(reader.Optional("jobClass")) ?? SimulatedJobClass.StorageJob, Times = ReadTimes(reader),
            },
            fault => fault is JobOfAnotherClassFault it ? [("jobClass", EnumNames<SimulatedJobClass>.NameOf(it.JobClass)), (Times, it.Times)] : null),
        new("percentStuck", ["atPercent", Times],
            reader => new PercentStuckFault { AtPercent = ReadPercent(reader, 40, 0, 99), Times = ReadTimes(reader) },
            fault => fault is PercentStuckFault it ? [("atPercent", it.AtPercent), (Times, it.Times)] : null),
        new("percentJumps", [Times],
            reader => new PercentJumpsFault { Times = ReadTimes(reader) },
            fault => fault is PercentJumpsFault it ? [(Times, it.Times)] : null),
        new("percentGoesBack", ["atPercent", "by", Times],
            ReadGoingBack,
            fault => fault is PercentGoesBackFault it ? [("atPercent", it.AtPercent), ("by", it.By), (Times, it.Times)] : null),
        new("answerLost", [Times],
            reader => new AnswerLostFault { Times = ReadTimes(reader) },
            fault => fault is AnswerLostFault it ? [(Times, it.Times)] : null),
        new("raced", [Times],
            reader => new RacedFault { Times = ReadTimes(reader) },
            fault => fault is RacedFault it ? [(Times, it.Times)] : null),
        new("leaves", ["atPercent", "after", "returnsAfter", Times],
            reader => new LeavesFault
            {
                AtPercent = ReadPercent(reader, 40, 0, 100), After = ReadTime(reader, "after"), ReturnsAfter = ReadTime(reader, "returnsAfter"), Times = ReadTimes(reader),
            },
            fault => fault is LeavesFault it
                ? [("atPercent", it.AtPercent), ("after", Write(it.After)), ("returnsAfter", Write(it.ReturnsAfter)), (Times, it.Times)]
                : null),
        new("renamed", ["to", "after"],
            reader => new RenamedFault(reader.Required("to", "a text of 1 to 100 characters").Text(1, 100) ?? "?") { After = ReadTime(reader, "after") ?? TimeSpan.FromMinutes(10) },
            fault => fault is RenamedFault it ? [("to", it.Name), ("after", Write(it.After))] : null),
        new("recoveryPointsGone", ["after"],
            reader => new RecoveryPointsGoneFault { After = ReadTime(reader, "after") ?? TimeSpan.FromMinutes(10) },
            fault => fault is RecoveryPointsGoneFault it ? [("after", Write(it.After))] : null),
        new("diskMissing", ["disk"],
            reader => new DiskMissingFault { Disk = reader.Optional("disk").Integer(1, EstateLimits.Disks) ?? 1 },
            fault => fault is DiskMissingFault it ? [("disk", it.Disk == 1 ? null : it.Disk)] : null),
        new("slowCalls", ["delay", Times],
            reader => new SlowCallsFault(ReadDelay(reader)) { Times = ReadTimes(reader) },
            fault => fault is SlowCallsFault it ? [("delay", Write(it.Delay)), (Times, it.Times)] : null) { HostOnly = true },
        new("eventsLost", ["percent"],
            reader => new EventsLostFault { Percent = reader.Optional("percent").Number(1, 100) ?? 100 },
            fault => fault is EventsLostFault it ? [("percent", it.Percent)] : null) { HostOnly = true },
        new("eventsLate", ["delay"],
            reader => new EventsLateFault(ReadDelay(reader)),
            fault => fault is EventsLateFault it ? [("delay", Write(it.Delay))] : null) { HostOnly = true },
        new("hostRestarts", ["atPercent", Times],
            reader => new HostRestartsFault { AtPercent = ReadPercent(reader, 50, 0, 100), Times = ReadTimes(reader) ?? 1 },
            fault => fault is HostRestartsFault it ? [("atPercent", it.AtPercent), (Times, it.Times)] : null),
    ];

    public static IReadOnlyList<Fault> Read(Field list, FaultOwner owner) => list.List(field => field.Mapping(reader => Read(reader, owner)));

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

    private static Fault Read(MappingReader reader, FaultOwner owner)
    {
        var kinds = All.Where(kind => owner == FaultOwner.Host || !kind.HostOnly).ToDictionary(kind => kind.Name);
        var allowed = "one of " + string.Join(", ", kinds.Keys);
        if (reader.Required(KindKey, allowed).Choice([.. kinds.Keys]) is { } name)
        {
            return kinds[name].Read(reader);
        }

        // The kind is the error; the other keys cannot be validated without it.
        foreach (var key in All.SelectMany(kind => kind.Keys))
        {
            reader.Optional(key);
        }

        return new AccessDeniedFault();
    }

    private static ReturnCode ReadCode(MappingReader reader)
    {
        const string Allowed = "a return code other than 0 and 4096, such as 32768 to 32779";
        var field = reader.Required("code", Allowed);
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
        var field = reader.Required("jobState", Allowed);
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
        ErrorCode = (ushort)(reader.Optional("errorCode").Integer(0, ushort.MaxValue) ?? errorCode),
        Description = ReadDescription(reader.Optional("description")),
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
        return new PercentGoesBackFault { AtPercent = at, By = reader.Optional("by").Number(1, at) ?? Math.Min(at, 30), Times = ReadTimes(reader) };
    }

    private static double ReadPercent(MappingReader reader, double otherwise, double minimum, double maximum)
        => reader.Optional("atPercent").Number(minimum, maximum) ?? otherwise;

    private static TimeSpan? ReadTime(MappingReader reader, string key) => reader.Optional(key).Duration(TimeSpan.Zero, TimeSpan.FromDays(365));

    private static TimeSpan ReadDelay(MappingReader reader)
        => reader.Required("delay", "a duration from 1ms to 1h").Duration(TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1)) ?? TimeSpan.FromSeconds(1);

    private static string? Write(TimeSpan? time) => time is { } value ? DurationText.Write(value) : null;

    private static int? ReadTimes(MappingReader reader) => reader.Optional(Times).Integer(1, int.MaxValue);

    private static ReplicationState? ReadState(MappingReader reader) => EnumNames<ReplicationState>.Read(reader.Optional("state"));

    private static string? WriteState(ReplicationState? state) => state is { } value ? EnumNames<ReplicationState>.NameOf(value) : null;
}

/// <summary>One fault kind in the document format.</summary>
/// <param name="Name">The value of <c>kind</c>.</param>
/// <param name="Keys">Its other keys.</param>
/// <param name="Read">Builds the fault by reading every key.</param>
/// <param name="Write">Its keys and values, in order, null for an omitted one; null for a fault of another kind.</param>
internal sealed record FaultKind(
    string Name, IReadOnlyList<string> Keys, Func<MappingReader, Fault> Read, Func<Fault, IReadOnlyList<(string Key, object? Value)>?> Write)
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

    public static string NameOf(T value)
    {
        var name = value.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}
