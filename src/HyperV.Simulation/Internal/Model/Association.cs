namespace HostAgent.HyperV.Simulation.Internal.Model;

/// <summary>An association class: which objects it ties to an object, in either direction.</summary>
/// <param name="Name">The class's name.</param>
/// <param name="Related">The objects tied to one.</param>
internal sealed record Association(string Name, Func<World.HostWorld, object, IEnumerable<object>> Related);
