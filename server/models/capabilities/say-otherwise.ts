/** What to do where a model can do what is said it cannot. */
export const sayOtherwise = "If it is otherwise, say so of the model on the page Models.";
