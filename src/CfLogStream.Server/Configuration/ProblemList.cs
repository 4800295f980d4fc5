namespace CfLogStream.Server.Configuration;

/// <summary>Gathers the problems of one file.</summary>
internal sealed class ProblemList(string file)
{
    /// <summary>A file that is wrong in every line need not fill the screen for ever.</summary>
    public const int MaxProblems = 1_000;

    private readonly List<ConfigurationProblem> _problems = [];
    private int _more;

    /// <summary>How many were added, also those past the limit.</summary>
    public int Count => _problems.Count + _more;

    /// <summary>Adds a problem at a place in the file.</summary>
    public void Add(ConfigurationPosition position, string key, string message)
    {
        if (_problems.Count == MaxProblems)
        {
            _more++;
            return;
        }

        _problems.Add(new ConfigurationProblem(file, position.Line, position.Column, key, message));
    }

    /// <summary>Adds a problem of the whole file.</summary>
    public void Add(string message) => Add(default, "", message);

    /// <summary>Returns all problems in the order of the file.</summary>
    public IReadOnlyList<ConfigurationProblem> InOrder()
    {
        List<ConfigurationProblem> ordered =
        [
            .. _problems.OrderBy(problem => problem.Line).ThenBy(problem => problem.Column),
        ];
        if (_more > 0)
        {
            ordered.Add(new ConfigurationProblem(file, 0, 0, "", $"There are {_more} more problems that are not shown."));
        }

        return ordered;
    }

    /// <summary>Throws when there is any problem.</summary>
    public void ThrowIfAny()
    {
        if (Count > 0)
        {
            throw new ConfigurationException(InOrder());
        }
    }
}
