using HostAgent.Documents;

namespace HostAgent.Campaigns.Spec;

/// <summary>One wave. An item belongs to the first wave that matches it.</summary>
/// <param name="Name">Its name, unique in the campaign.</param>
/// <param name="Match">Which items it matches; null for all that remain.</param>
/// <param name="Take">How many of the matching items it takes, in the order of the plan, passing over those that wait for items of no earlier wave; a percentage is of the campaign's items and gives at least 1; null for all.</param>
/// <param name="Ramp">How its number of items in flight grows; null for no bound but the limits.</param>
/// <param name="Gate">What must hold before the next wave starts; null for nothing.</param>
public sealed record WaveSpec(string Name, TargetSelector? Match, Amount? Take, RampSpec? Ramp, GateSpec? Gate);
