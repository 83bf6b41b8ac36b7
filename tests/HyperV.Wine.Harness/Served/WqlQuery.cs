using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Wine.Harness.Served;

/// <summary>A query that the namespace understands.</summary>
internal abstract record WqlQuery
{
    /// <summary>Instances of a class for which every condition holds.</summary>
    public sealed record Select(string ClassName, IReadOnlyList<CimFilter> Conditions) : WqlQuery;

    /// <summary>What an association class ties to an object.</summary>
    public sealed record Associators(CimObjectPath Source, string AssociationClass, string ResultClass) : WqlQuery;

    /// <summary>Changes of a class's instances.</summary>
    public sealed record Watch(string ClassName, TimeSpan Within) : WqlQuery;
}
