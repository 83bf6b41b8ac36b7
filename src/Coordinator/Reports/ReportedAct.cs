namespace HostAgent.Coordinator.Reports;

/// <summary>Something that somebody decided, or that the coordinator did by itself.</summary>
/// <param name="Time">When.</param>
/// <param name="Actor">Who: a person by their certificate's subject, or coordinator.</param>
/// <param name="Act">What, as the event's stored name, for example wave-approved.</param>
/// <param name="Target">On what: a wave, an item or a host by name; empty for the campaign.</param>
/// <param name="Explanation">One sentence.</param>
internal sealed record ReportedAct(DateTimeOffset Time, string Actor, string Act, string Target, string Explanation);
