using HostAgent.HyperV.Wmi;

namespace HostAgent.HyperV.Wine.Harness.Running;

/// <summary>Cases that one run of the program carries out, in a process of their own.</summary>
public sealed class CaseGroup
{
    private readonly Type _type;

    /// <param name="name">What the program is started with.</param>
    /// <param name="type">The class whose facts and theories are the cases.</param>
    /// <param name="library">The adapter that they run over.</param>
    internal CaseGroup(string name, Type type, WmiLibrary library = WmiLibrary.SystemManagement)
    {
        Name = name;
        Library = library;
        _type = type;
    }

    /// <summary>What the program is started with.</summary>
    public string Name { get; }

    /// <summary>The adapter that its cases run over.</summary>
    internal WmiLibrary Library { get; }

    /// <summary>The names of its cases, in their order.</summary>
    public IEnumerable<string> CaseNames => Cases.Select(one => one.Name);

    /// <summary>The cases, in their order.</summary>
    internal IEnumerable<Case> Cases => Case.Of(_type);
}
