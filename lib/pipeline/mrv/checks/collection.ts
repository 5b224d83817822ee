import { passedIf, type RecordCheck } from "./check";
import { counted, plural, some, when } from "./words";

export const collection: RecordCheck = {
  name: "collection",
  label: "Collection of the period",
  isBlocking: false,
  run({ collection: troubles, timezone }) {
    const tasks = troubles.reduce((sum, trouble) => sum + trouble.tasks, 0);
    const sentences = troubles.map(({ job, state, tasks: count, from, to }) => {
      const stands = state === "unfinished" ? "under way again" : state;
      return `${plural(count, "task")} of ${job} ${stands}, ${when(from, timezone)} to ${when(to, timezone)}`;
    });
    return {
      result: passedIf(tasks === 0),
      figure: counted(tasks),
      threshold: "none failed",
      sentence: tasks === 0 ? "Every interval was collected." : `${some(sentences)}.`,
    };
  },
};
