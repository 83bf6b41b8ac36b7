namespace HostAgent.Documents.Internal;

/// <summary>The errors found so far, and the budget of the reading that finds them.</summary>
internal sealed class DocumentErrorList(int maximum, ReadingBudget budget)
{
    private readonly List<DocumentError> _errors = [];
    private int _more;

    public ReadingBudget Budget { get; } = budget;

    /// <summary>Whether further errors are only counted; nothing need be worked out for their messages.</summary>
    public bool IsFull => _errors.Count >= maximum;

    public void Add(UnreadableException end) => Add(end.At.Line, end.At.Column, end.Path, string.Empty, end.Allowed, end.Message);

    public void Add(DocumentNode at, string path, string value, string allowed, string message)
        => Add(at.At.Line, at.At.Column, path, value, allowed, message);

    public void Add(int line, int column, string path, string value, string allowed, string message)
    {
        if (_errors.Count < maximum)
        {
            _errors.Add(new DocumentError(path, line, column, value, allowed, message));
        }
        else
        {
            _more++;
        }
    }

    public IReadOnlyList<DocumentError> InOrder()
    {
        var ordered = _errors.OrderBy(error => error.Line).ThenBy(error => error.Column).ToList();
        if (_more > 0)
        {
            ordered.Add(new DocumentError(string.Empty, 0, 0, string.Empty, string.Empty, $"{_more} more errors are not shown; mend these first."));
        }

        return ordered;
    }
}
