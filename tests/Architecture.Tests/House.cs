using System.Xml.Linq;
using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using Assembly = System.Reflection.Assembly;

namespace HostAgent.Architecture.Tests;

/// <summary>The projects of <c>src</c>, from their files and from what was built of them.</summary>
internal static class House
{
    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<string> Projects { get; } =
        [.. Directory.GetDirectories(Path.Combine(Root, "src")).Select(path => Path.GetFileName(path)!).Where(name => File.Exists(ProjectFile(name))).Order(StringComparer.Ordinal)];

    private static readonly Lazy<ArchUnitNET.Domain.Architecture> Loaded = new(() => new ArchLoader().LoadAssemblies([.. Projects.Select(AssemblyOf)]).Build());

    /// <summary>The projects that a project refers to.</summary>
    public static IReadOnlyList<string> ReferencesOf(string project)
        => [.. XDocument.Load(ProjectFile(project)).Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension((string)reference.Attribute("Include")!)).Order(StringComparer.Ordinal)];

    public static IEnumerable<IType> TypesOf(string project)
        => Loaded.Value.Types.Where(type => type.Assembly.Name.Split(',')[0] == AssemblyOf(project).GetName().Name && IsOurs(type));

    /// <summary>The folders of a project, each with those that its types use: circles of them, each as the folders in it.</summary>
    public static IReadOnlyList<string> KnotsOf(string project)
    {
        var own = TypesOf(project).Select(FolderOf).ToHashSet(StringComparer.Ordinal);
        var arrows = own.ToDictionary(folder => folder, _ => new HashSet<string>(StringComparer.Ordinal), StringComparer.Ordinal);
        foreach (var type in TypesOf(project))
        {
            arrows[FolderOf(type)].UnionWith(type.Dependencies.Select(dependency => dependency.Target).Where(IsOurs).Select(FolderOf).Where(own.Contains));
        }

        var reached = own.ToDictionary(folder => folder, folder => Reach(folder, arrows), StringComparer.Ordinal);
        return [.. own
            .Where(folder => reached[folder].Contains(folder) && reached[folder].Any(other => other != folder && reached[other].Contains(folder)))
            .GroupBy(folder => string.Join(" ", reached[folder].Where(other => reached[other].Contains(folder)).Order(StringComparer.Ordinal)), StringComparer.Ordinal)
            .Select(knot => knot.Key)
            .Order(StringComparer.Ordinal)];
    }

    // What a compiler or a generator has made stands in no folder.
    private static bool IsOurs(IType type)
        => type.Namespace?.FullName.StartsWith("HostAgent.", StringComparison.Ordinal) == true && !type.FullName.Contains('<', StringComparison.Ordinal);

    private static string FolderOf(IType type) => type.Namespace.FullName;

    private static HashSet<string> Reach(string from, Dictionary<string, HashSet<string>> arrows)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(arrows[from].Where(to => to != from));
        while (open.TryPop(out var next))
        {
            if (seen.Add(next))
            {
                foreach (var further in arrows[next])
                {
                    open.Push(further);
                }
            }
        }

        return seen;
    }

    private static Assembly AssemblyOf(string project) => Assembly.Load(project == "Failback" ? "failback" : $"HostAgent.{project}");

    private static string ProjectFile(string project) => Path.Combine(Root, "src", project, project + ".csproj");

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "HostAgent.sln")))
        {
            directory = directory.Parent ?? throw new InvalidOperationException("The tests do not run below the repository.");
        }

        return directory.FullName;
    }
}
