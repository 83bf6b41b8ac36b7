namespace HostAgent.Benchmarks.Engine;

/// <summary>What was found for campaigns of one size.</summary>
/// <param name="Items">Items of a campaign.</param>
/// <param name="Hosts">Its hosts.</param>
/// <param name="Campaigns">How many campaigns.</param>
/// <param name="PlanMilliseconds">To plan one, the making of its estate included.</param>
/// <param name="CreateMilliseconds">For the first input, which writes the plan.</param>
/// <param name="Input">For each of the other inputs.</param>
/// <param name="Success">For those of them that end an item, which makes room for another.</param>
/// <param name="AllocatedBytesPerInput">Allocated while an input was handled.</param>
/// <param name="Events">Events that came of it, over all campaigns.</param>
/// <param name="MicrosecondsPerEvent">The inputs' time for each event that came of them.</param>
/// <param name="StoredBytesPerEvent">Of an event's stored form.</param>
/// <param name="ReplayMicrosecondsPerEvent">To read an event from a file and fold it.</param>
/// <param name="BytesPerItem">Held by a machine that was replayed, for each of its items.</param>
/// <param name="PeakWorkingSetBytes">Of the whole process until then: the machine, the plan, the world and the measuring.</param>
internal sealed record EngineResult(
    int Items,
    int Hosts,
    int Campaigns,
    double PlanMilliseconds,
    double CreateMilliseconds,
    Durations Input,
    Durations Success,
    long AllocatedBytesPerInput,
    long Events,
    double MicrosecondsPerEvent,
    long StoredBytesPerEvent,
    double ReplayMicrosecondsPerEvent,
    long BytesPerItem,
    long PeakWorkingSetBytes);
